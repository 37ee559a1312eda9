const DECIMAL = /^\d+(?:\.\d+)?$/;
const DATE = /^[A-Z][a-z]+, \d[^,]*/;

type HeadersLike = Pick<Headers, 'get'>;

/**
 * How long a server asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date.
 * Undefined if the header is missing or not understood; 0 for a date in the past.
 */
export function parseRetryAfter(headers: HeadersLike, nowMs: number): number | undefined {
  const milliseconds = headers.get('retry-after-ms')?.trim() ?? '';
  if (DECIMAL.test(milliseconds)) return Math.round(Number(milliseconds));
  const value = headers.get('retry-after')?.trim() ?? '';
  // A repeated header is joined by a comma; the first value counts.
  const [first = ''] = value.split(',');
  if (DECIMAL.test(first)) return Math.round(Number(first) * 1000);
  // Only whole dates: Date.parse would take "-5" for a month.
  const at = Date.parse(DATE.exec(value)?.[0] ?? '');
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

const LIMITED = ['', '-requests', '-tokens', '-requests-minute', '-tokens-minute', '-requests-day'];

/** When the exhausted limits reset, by `x-ratelimit-reset-*`: the latest of them. */
export function parseRateLimitReset(headers: HeadersLike, nowMs: number): number | undefined {
  const waits = LIMITED.flatMap((what) => {
    const remaining = headers.get(`x-ratelimit-remaining${what}`)?.trim() ?? '';
    const waitMs = parseReset(headers.get(`x-ratelimit-reset${what}`) ?? '', nowMs);
    return waitMs === undefined || remaining === '' || Number(remaining) > 0 ? [] : [waitMs];
  });
  return waits.length === 0 ? undefined : Math.max(...waits);
}

const UNITS = {
  1: ['ms', 'millisecond', 'milliseconds'],
  1000: ['s', 'sec', 'second', 'seconds'],
  60_000: ['m', 'min', 'minute', 'minutes'],
  3_600_000: ['h', 'hour', 'hours'],
};
const UNIT_MS = new Map(
  Object.entries(UNITS).flatMap(([ms, names]) => names.map((name) => [name, Number(ms)] as const)),
);

/** A duration as servers write it: `6m0s`, `34.07s`, `20 seconds`; other words may follow. */
export function parseDuration(text: string): number | undefined {
  let totalMs: number | undefined;
  for (const [, count, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/gi)) {
    const unitMs = UNIT_MS.get(unit.toLowerCase());
    if (unitMs === undefined) break;
    totalMs = (totalMs ?? 0) + Math.round(Number(count) * unitMs);
  }
  return totalMs;
}

const FIRST_EPOCH_SECONDS = 1e9;
const FIRST_EPOCH_MS = 1e12;

/** A length of time, a number of seconds, or a time since 1970 in seconds or milliseconds. */
export function parseReset(text: string, nowMs: number): number | undefined {
  const value = text.trim();
  if (!DECIMAL.test(value)) return parseDuration(value);
  const number = Number(value);
  if (number >= FIRST_EPOCH_MS) return Math.max(0, Math.round(number - nowMs));
  if (number >= FIRST_EPOCH_SECONDS) return Math.max(0, Math.round(number * 1000 - nowMs));
  return Math.round(number * 1000);
}
