/**
 * JSON that every reader takes: `JSON.stringify` keeps half of a surrogate pair as an escape, for which strict
 * readers refuse the whole file.
 */
export function strictJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape.length === 2 ? escape : '\ufffd',
  );
}
