import { isJsonObject, type JsonObject, type JsonValue } from '../session/json-value.ts';

/** A value that may be a schema: booleans count, and any other value restricts nothing. */
export function toSchema(value: JsonValue | undefined): JsonObject {
  if (value === false) return { not: {} };
  return isJsonObject(value) ? value : {};
}

export function ownValue(table: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Each value once, compared by content. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
