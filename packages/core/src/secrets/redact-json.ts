import type { JsonObject, JsonValue } from '../session/json-value.ts';

/** Redacts the texts of an object in its names and values; the name of a field may say that its value is secret. */
export function redactJson(value: JsonObject, redact: (text: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactField(key, item, redact)]),
  );
}

function redactField(key: string, value: JsonValue, redact: (text: string) => string): JsonValue {
  if (Array.isArray(value)) return value.map((item) => redactField(key, item, redact));
  if (typeof value === 'object' && value !== null) return redactJson(value, redact);
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const redacted = redact(String(value));
  if (redacted !== String(value)) return redacted;
  const field = `${JSON.stringify(key)}: ${JSON.stringify(String(value))}`;
  return redact(field) === field ? value : '[redacted]';
}
