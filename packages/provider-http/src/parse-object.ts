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
