const DECIMAL = /^\d+(?:\.\d+)?$/;

/**
 * How long a server asks to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a
 * date. Undefined where it says nothing that can be understood; a date that has passed is 0.
 */
export function parseRetryAfter(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = headers.get('retry-after-ms')?.trim() ?? '';
  if (DECIMAL.test(milliseconds)) return Math.round(Number(milliseconds));
  // A header that came twice is joined by a comma; a date has one of its own, behind the weekday.
  const [first = ''] = (headers.get('retry-after') ?? '').split(/,\s*(?=\d|[A-Z][a-z]{2},)/);
  const value = first.trim();
  if (DECIMAL.test(value)) return Math.round(Number(value) * 1000);
  // Only whole dates: Date.parse would take "-5" for a month.
  if (!/^[A-Z][a-z]{2,}, .*\d{4}/.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
