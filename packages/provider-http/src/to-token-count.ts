// Larger than any context window; sums of many such counts are still safe integers.
const MOST_TOKENS = 1e9;

/** A valid token count, or undefined: servers send null, NaN and worse. */
export function toTokenCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= MOST_TOKENS ? value : undefined;
}
