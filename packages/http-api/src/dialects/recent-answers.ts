import { createHash } from 'node:crypto';
import type { Clock, JsonObject } from '@synapse/core';
import type { SharedAnswer } from './shared-answer.ts';

const KEPT_MS = 60_000;
const MOST_KEPT = 100;
const OWN_KEY = 'idempotency-key';
const RETRY_COUNT = 'x-stainless-retry-count';

/** The answers of the last minute, for clients that repeat a request, with or without a key. */
export class RecentAnswers {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #answers = new Map<string, { shared: SharedAnswer; sinceMs: number }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Undefined if the client does not say that it repeats the request, or its answer failed. */
  find(headers: Headers, key: string | null): SharedAnswer | undefined {
    const isRepeated = headers.has(OWN_KEY) || Number(headers.get(RETRY_COUNT)) > 0;
    if (key === null || !isRepeated) return undefined;
    this.#forget();
    const shared = this.#answers.get(key)?.shared;
    return shared?.isUsable ? shared : undefined;
  }

  add(key: string | null, shared: SharedAnswer): void {
    if (key === null) return;
    this.#forget();
    this.#answers.delete(key);
    this.#answers.set(key, { shared, sinceMs: this.#clock.monotonicMs() });
  }

  #forget(): void {
    const oldestMs = this.#clock.monotonicMs() - KEPT_MS;
    for (const [key, { sinceMs }] of this.#answers) {
      if (sinceMs >= oldestMs && this.#answers.size < MOST_KEPT) break;
      this.#answers.delete(key);
    }
  }
}

/** Names a request by its caller, its address, its key and its content; null if its client never says that it repeats one. */
export function requestKey(
  headers: Headers,
  tokenId: string | null,
  path: string,
  body: JsonObject,
): string | null {
  const own = headers.get(OWN_KEY);
  if (own === null && !headers.has(RETRY_COUNT)) return null;
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return [tokenId ?? '', path, hash, own ?? ''].join(' ');
}
