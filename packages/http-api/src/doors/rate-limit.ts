import type { Clock } from '@synapse/core';

/** More callers than this at once are unlikely; the oldest are forgotten first. */
const MOST_KEYS = 10_000;
const MINUTE_MS = 60_000;

export interface RateState {
  isAllowed: boolean;
  remaining: number;
  /** Until one more request is allowed, or until all are if some are left. */
  resetSeconds: number;
}

/** A bucket of tokens for each key: it refills evenly, and holds those of one minute. */
export class RateLimit {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #buckets = new Map<string, { level: number; at: number }>();
  readonly perMinute: number;

  constructor(perMinute: number, clock: Pick<Clock, 'monotonicMs'>) {
    this.perMinute = perMinute;
    this.#clock = clock;
  }

  /** Takes one request from the bucket of this key. */
  take(key: string): RateState {
    const now = this.#clock.monotonicMs();
    const { level: before, at } = this.#buckets.get(key) ?? { level: this.perMinute, at: now };
    const perMs = this.perMinute / MINUTE_MS;
    const filled = Math.min(this.perMinute, before + (now - at) * perMs);
    const isAllowed = filled >= 1;
    const level = isAllowed ? filled - 1 : filled;
    this.#keep(key, { level, at: now });
    const missing = isAllowed ? this.perMinute - level : 1 - level;
    const resetSeconds = Math.ceil(missing / perMs / 1000);
    return { isAllowed, remaining: Math.floor(level), resetSeconds };
  }

  #keep(key: string, bucket: { level: number; at: number }): void {
    // The order of a Map is that of insertion.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MOST_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
export function rateHeaders(
  policy: string,
  limit: RateLimit,
  { remaining, resetSeconds }: RateState,
): Record<string, string> {
  return {
    'ratelimit-policy': `"${policy}";q=${limit.perMinute};w=${MINUTE_MS / 1000}`,
    ratelimit: `"${policy}";r=${remaining};t=${resetSeconds}`,
  };
}
