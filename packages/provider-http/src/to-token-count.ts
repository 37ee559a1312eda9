// More than any window and any price list; sums of many such counts stay safe integers.
const MOST_TOKENS = 1e9;

/** A count that can be one, or undefined: servers say null, NaN and worse. */
export function toTokenCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return value >= 0 && value <= MOST_TOKENS ? value : undefined;
}
