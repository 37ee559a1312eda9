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
  /** The most times that one request is sent; 5 by default. */
  maxAttempts?: number;
  /** The total wait for the requests of one turn, which share a signal; ten minutes by default. */
  waitBudgetMs?: number;
  /** A random number from 0 to below 1. */
  random?: () => number;
}

/**
 * The only place that repeats requests, and only while no part of an answer was seen: otherwise
 * that part would be shown again, and paid for twice. A request that the provider may still be
 * working on is not repeated either, because it costs money even if its answer is lost. Failures
 * that waiting does not cure are thrown at once, as are waits that are too long for a user.
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
          if (hasStarted && !hasGivenUp(error)) throw error;
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

/** After any other failure the provider may continue, and charge for it. */
function hasGivenUp({ reason }: ProviderError): boolean {
  return reason === 'rate-limit' || reason === 'overloaded';
}

/** The provider's requested wait plus up to a quarter; without one, a growing random wait. */
function waitBefore(attempt: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined && retryAfterMs >= 0) {
    if (retryAfterMs > LONGEST_WAIT_MS) return retryAfterMs;
    return Math.min(Math.ceil(retryAfterMs * (1 + random / 4)), LONGEST_WAIT_MS);
  }
  const jitterMs = Math.min(FIRST_JITTER_MS * 2 ** (attempt - 1), LARGEST_JITTER_MS);
  return FLOOR_MS + Math.ceil(random * jitterMs);
}
