import { ProviderError } from '../errors/provider-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelProvider } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';
import { describeFailure } from './describe-failure.ts';

const FLOOR_MS = 500;
const FIRST_JITTER_MS = 1000;
const LARGEST_JITTER_MS = 30_000;
const LONGEST_WAIT_MS = 60_000;

export interface RetryOptions {
  clock: Clock;
  /** How often one request is sent at most; 5 by default. */
  maxAttempts?: number;
  /** How long the requests of one turn, which share a signal, wait in all; ten minutes by default. */
  waitBudgetMs?: number;
  /** From 0 to below 1. */
  random?: () => number;
}

/**
 * The one place where a request is repeated, and only as long as nothing of an answer was seen:
 * later the half that was shown would be said again, and paid for twice. Nor is a request repeated
 * that the provider may still be working at: it costs money, also where its answer is lost. What
 * can't get better by waiting is thrown at once, as is a wait that is longer than anyone sits through.
 */
export function withRetries(provider: ModelProvider, options: RetryOptions): ModelProvider {
  const { clock, maxAttempts = 5, waitBudgetMs = 600_000, random = Math.random } = options;
  const waitedMs = new WeakMap<AbortSignal, number>();

  return {
    name: provider.name,
    listModels: (signal) => provider.listModels(signal),

    async *stream(request, signal) {
      for (let attempt = 1; ; attempt++) {
        let sawVisible = false;
        let hasStarted = false;
        try {
          for await (const event of provider.stream(request, signal)) {
            sawVisible ||= isVisible(event);
            hasStarted ||= event.type === 'started';
            yield event;
            if (event.type === 'turn-end') return;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (sawVisible || !isWorthRepeating(error) || attempt >= maxAttempts) throw error;
          if (hasStarted && !saysThatItGaveUp(error)) throw error;
          const waitMs = waitBefore(attempt, error.retryAfterMs, random());
          const totalMs = (waitedMs.get(signal) ?? 0) + waitMs;
          if (waitMs > LONGEST_WAIT_MS || totalMs > waitBudgetMs) throw error;
          waitedMs.set(signal, totalMs);
          const seconds = Math.ceil(waitMs / 1000);
          yield {
            type: 'notice',
            text: `${describeFailure(error)}; retrying in ${seconds} s (${attempt + 1} of ${maxAttempts}).`,
          };
          await clock.sleep(waitMs, signal);
        }
      }
    },
  };
}

function isWorthRepeating(error: unknown): error is ProviderError {
  if (!(error instanceof ProviderError) || !error.isRetryable) return false;
  switch (error.reason) {
    case 'rate-limit':
    case 'overloaded':
    case 'network':
    case 'timeout':
    case 'invalid-response':
      return true;
    case 'auth':
    case 'quota':
    case 'context-length':
    case 'refused':
    case 'invalid-request':
    case 'model-not-found':
    case 'no-tools':
    case 'replay-refused':
    case 'response-too-large':
      return false;
  }
}

/** Behind any other failure the provider may go on, and count what it does. */
function saysThatItGaveUp({ reason }: ProviderError): boolean {
  return reason === 'rate-limit' || reason === 'overloaded';
}

/** What the provider asks for and up to a quarter more; else ever longer, spread at random. */
function waitBefore(attempt: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs >= 0) {
    if (retryAfterMs > LONGEST_WAIT_MS) return retryAfterMs;
    return Math.min(Math.ceil(retryAfterMs * (1 + random / 4)), LONGEST_WAIT_MS);
  }
  const jitterMs = Math.min(FIRST_JITTER_MS * 2 ** (attempt - 1), LARGEST_JITTER_MS);
  return FLOOR_MS + Math.ceil(random * jitterMs);
}
