import type { JsonObject, JsonValue } from '../session/json-value.ts';
import { redactNamedValues } from './redact-named-values.ts';
import { MARK } from './redact-passwords.ts';
import { secretShapes } from './secret-shapes.ts';

/** Characters that a token has and an English word has not. */
const TOKEN = String.raw`(?!\S{1,200} \[redacted)(?=[\w.~+/-]{0,200}(?:[\d=]|[a-z][A-Z]))`;
const AUTHORIZATION = String.raw`\b(?:[Pp]roxy-|PROXY[-_])?(?:[Aa]uthorization|AUTHORIZATION)\\{0,3}["']?\s{0,9}[:=]\s{0,9}\\{0,3}["']?`;

/** Patterns around a value that is always secret; the first group stays. */
const places: readonly RegExp[] = [
  // The scheme of Authorization stays; some schemes have parameters.
  new RegExp(
    String.raw`(${AUTHORIZATION}(?:AWS4-[A-Z0-9-]+|Digest|OAuth|Hawk|Signature) )` +
      String.raw`\w+=(?:"[^"\n\\]*"|[^\s"',\\]*)(?:,\s?\w+=(?:"[^"\n\\]*"|[^\s"',\\]*))*`,
    'g',
  ),
  new RegExp(String.raw`(${AUTHORIZATION}(?:[A-Za-z][\w-]{0,30} )?)${TOKEN}[^\s"',;\\]{6,}`, 'g'),
  new RegExp(
    String.raw`(\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC) )${TOKEN}[A-Za-z0-9._~+/=-]{8,}`,
    'g',
  ),
  /(\b(?:set-)?cookie\\{0,3}["']?\s{0,9}[:=]\s{0,9}\\{0,3}["']?)(?=[\w.-]{1,100}=)(?:[^"'\n\\]|\\(?![\\"'nr]))+/gi,
  // Addresses; database passwords often lack the escapes that a URL needs
  /(\b(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sqlserver|clickhouse):\/\/[^\s/:@"'`]{0,100}:)[^\s"'`<>\\]{1,200}(?=@)/gi,
  /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:)[^\s/@"'\\]+(?=@)/gi,
  /((?<![a-z0-9+.-])https?:\/\/)[A-Za-z0-9_-]{20,}(?=@)/gi,
  /([?&](?:amp;)?(?:sig|signature|x-amz-signature|x-goog-signature)=)[^\s"'&<>\\]{8,}/gi,
  // Options of commands with secret values whose names don't show it
  /(\bcurl\b[^\n]{0,200}?\s(?:-[A-Za-z]{0,5}[uU]|--user|--proxy-user)[ =]?["']?[^\s:"'\\]{1,100}:)(?!\$[A-Z_({])[^\s"'\\]+/g,
  /(\b(?:mysql(?:dump|admin|import|sh)?|mariadb(?:-dump)?)\b[^\n]{0,200}?\s-p)(?!\$[A-Z_({])[^\s"'\\]+/g,
  /(\b(?:sshpass|(?:docker|podman|registry) login)\b[^\n]{0,200}?\s-p ?["']?)(?!\$[A-Z_({])[^\s"'\\]+/g,
  /(\bredis-cli\b[^\n]{0,200}?\s-a ["']?)(?!\$[A-Z_({])[^\s"'\\]+/g,
  // Lines of .netrc and .pgpass
  /(\blogin\s{1,9}\S{1,100}\s{1,9}password\s{1,9})[^\s"'\\]+/g,
  /(^[^\s:]{1,100}:(?:5432|5433|6432|\*):[^\s:]{1,100}:[^\s:]{1,100}:)[^\s"\\]+$/gm,
];

/**
 * Puts a mark in place of everything that looks like a key, of values whose names mark them as
 * secret, and of the `known` secrets. The time is proportional to the text. A line of JSON stays a
 * line of JSON.
 */
export function redactSecrets(text: string, known: readonly string[] = []): string {
  let redacted = text;
  // Short values would match ordinary words.
  for (const secret of known) {
    if (secret.length >= 8) redacted = redacted.replaceAll(secret, MARK);
  }
  redacted = redacted.replace(secretShapes, MARK);
  for (const place of places) redacted = redacted.replace(place, `$1${MARK}`);
  return redactNamedValues(redacted);
}

/**
 * Redacts the names and values of an object; a value is also secret if the name of its field marks
 * it as one.
 */
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
  return redact(field) === field ? value : MARK;
}
