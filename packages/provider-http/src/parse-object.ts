/** Whoever stores, exports or shows a value goes down into it, and the stack has an end. */
const MAX_DEPTH = 200;

/** The JSON object in a text; undefined for another value, or one too deep to be worked with. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Every level takes two characters at least: what streams in is too short to be deep.
  const isDeep = text.length > 2 * MAX_DEPTH && isDeeperThan(value, MAX_DEPTH);
  return isDeep ? undefined : (value as Record<string, unknown>);
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeperThan(inner, depth - 1));
}
