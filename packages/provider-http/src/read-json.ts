/** A value from a server, as a record for looking up fields; empty for anything but an object. */
export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Empty for anything but a string. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Empty for anything but a list; entries that are not objects become empty ones. */
export function toRecords(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(toRecord) : [];
}

// Larger than any context window; sums of many such counts are still safe integers.
const MOST_TOKENS = 1e9;

/** A valid token count, or undefined: servers send null, NaN and worse. */
export function toTokenCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= MOST_TOKENS ? value : undefined;
}

/** Storing, exporting and showing a value are recursive, and the stack is limited. */
const MAX_DEPTH = 200;

/** The JSON object in a text; undefined for another value, or one that is nested too deeply. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Every level takes at least two characters, so short texts, such as streamed deltas, need no
  // check.
  const isDeep = text.length > 2 * MAX_DEPTH && isDeeperThan(value, MAX_DEPTH);
  return isDeep ? undefined : (value as Record<string, unknown>);
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}
