const ESCAPE = '\u001a';
// Databases refuse NUL (PostgreSQL) and corrupt lone surrogates (both).
const UNSAFE = /[\0\u001a]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPED = /\u001a([0-9a-f]{4})/g;

/**
 * Encodes any UTF-16 text so that every database returns it unchanged: a character that a database
 * would refuse or corrupt becomes the control character SUBSTITUTE and four hexadecimal digits. All
 * others stay readable.
 */
export function toStoredText(text: string): string {
  if (text.isWellFormed() && !text.includes('\0') && !text.includes(ESCAPE)) return text;
  return text.replace(UNSAFE, (unit) => ESCAPE + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

export function fromStoredText(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return text.replace(ESCAPED, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

export function toStoredTextOrNull(text: string | null): string | null {
  return text === null ? null : toStoredText(text);
}

export function fromStoredTextOrNull(text: string | null): string | null {
  return text === null ? null : fromStoredText(text);
}
