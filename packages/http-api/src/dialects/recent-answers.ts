import { createHash } from 'node:crypto';
import type { Clock, JsonObject } from '@synapse/core';
import type { SharedAnswer } from './shared-answer.ts';

const KEPT_MS = 60_000;
const MOST_KEPT = 100;
const RETRY_COUNT = 'x-stainless-retry-count';

/** The answers of the last minute, for SDKs that repeat a request without a key. */
export class RecentAnswers {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #answers = new Map<string, { shared: SharedAnswer; sinceMs: number }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Undefined if the SDK does not say that it repeats the request, or its answer failed. */
  find(headers: Headers, key: string | null): SharedAnswer | undefined {
    if (key === null || !(Number(headers.get(RETRY_COUNT)) > 0)) return undefined;
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

/** Names a request by its caller, its address and its content; null if its client counts no retries. */
export function requestKey(
  headers: Headers,
  tokenId: string | null,
  path: string,
  body: JsonObject,
): string | null {
  if (!headers.has(RETRY_COUNT)) return null;
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  return [tokenId ?? '', path, hash].join(' ');
}
