/** A count that can be one, or undefined: servers say null, NaN and worse. */
export function toTokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
