import type { Store, Usage } from '@synapse/core';
import { wasAskedOf, type ProviderSetup } from '@synapse/core/models';

// The time for which most providers keep a request in their cache.
export const CACHED_MS = 5 * 60 * 1000;

type Answerer = Pick<ProviderSetup, 'name' | 'model'>;

/** How much of the next request a provider probably has in its cache. */
export class CachedInput {
  #share = 0;
  #askedMs = -Infinity;

  /** An answer reports how much of its own request came from the cache. */
  note(usage: Usage | null, askedAt: Date): void {
    if (usage === null || usage.estimated || usage.inputTokens <= 0) return;
    this.#share = Math.min(1, Math.max(0, usage.cacheReadTokens / usage.inputTokens));
    this.#askedMs = askedAt.getTime();
  }

  tokensOf(inputTokens: number, now: Date): number {
    return now.getTime() - this.#askedMs < CACHED_MS ? inputTokens * this.#share : 0;
  }
}

/** The tokens that the last answer of the session reported, if the same model gave it. */
export async function readCachedInput(
  { sessions }: Pick<Store, 'sessions'>,
  sessionId: string,
  { name: provider, model }: Answerer,
): Promise<CachedInput> {
  const cached = new CachedInput();
  const [last] = await sessions.messages(sessionId, { limit: 1, role: 'assistant' });
  if (last && wasAskedOf({ provider, model }, last)) cached.note(last.usage, last.createdAt);
  return cached;
}
