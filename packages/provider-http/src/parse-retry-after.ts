const DECIMAL = /^\d+(?:\.\d+)?$/;
const DATE = /^[A-Z][a-z]+, \d[^,]*/;

/**
 * How long a server asks to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a
 * date. Undefined where it says nothing that can be understood; a date that has passed is 0.
 */
export function parseRetryAfter(headers: Pick<Headers, 'get'>, nowMs: number): number | undefined {
  const milliseconds = headers.get('retry-after-ms')?.trim() ?? '';
  if (DECIMAL.test(milliseconds)) return Math.round(Number(milliseconds));
  const value = headers.get('retry-after')?.trim() ?? '';
  // A header that came twice is joined by a comma; the first one counts.
  const [first = ''] = value.split(',');
  if (DECIMAL.test(first)) return Math.round(Number(first) * 1000);
  // Only whole dates: Date.parse would take "-5" for a month.
  const at = Date.parse(DATE.exec(value)?.[0] ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
