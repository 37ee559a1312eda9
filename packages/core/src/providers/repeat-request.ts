import { ProviderError } from '../errors/provider-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';
import { describeFailure } from './describe-failure.ts';
import { findRefusedTool } from './find-refused-tool.ts';
import { withoutReplay } from './without-replay.ts';

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

export interface FallbackLink {
  provider: ModelProvider;
  model: string;
  /**
   * The reason why this provider can't be asked, to follow "is skipped:". Without a reason it can be.
   */
  obstacle?: string | undefined;
}

/**
 * Asks `first` for the model of the request, and if it fails, the others in order, each for its own
 * model. It does not switch once part of an answer was seen, or if the request is invalid or was
 * refused. Another provider would not help against an invalid request, and would evade a refusal.
 */
export function withFallback(first: ModelProvider, others: readonly FallbackLink[]): ModelProvider {
  return {
    name: first.name,
    listModels: (signal) => first.listModels(signal),

    async *stream(request, signal) {
      let { provider, asked } = { provider: first, asked: request };
      const left = [...others];
      for (;;) {
        let sawVisible = false;
        try {
          for await (const event of provider.stream(asked, signal)) {
            sawVisible ||= isVisible(event);
            yield event.type === 'turn-end' || event.type === 'started'
              ? { ...event, provider: provider.name, askedModel: asked.model }
              : event;
            if (event.type === 'turn-end') return;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (sawVisible || !isOutOfReach(error)) throw error;
          let next = left.shift();
          for (; next?.obstacle !== undefined; next = left.shift()) {
            yield { type: 'notice', text: `${nameOf(next)} is skipped: ${next.obstacle}.` };
          }
          if (next === undefined) throw error;
          const text = `${describeFailure(error)}; continuing with ${nameOf(next)}.`;
          yield { type: 'notice', text };
          provider = next.provider;
          asked = {
            ...request,
            model: next.model,
            messages: withoutReplay(request.messages),
          };
        }
      }
    },
  };
}

function nameOf({ provider, model }: FallbackLink): string {
  return `${provider.name}/${model}`;
}

function isOutOfReach(error: unknown): error is ProviderError {
  if (!(error instanceof ProviderError)) return false;
  switch (error.reason) {
    case 'auth':
    case 'rate-limit':
    case 'quota':
    case 'overloaded':
    case 'network':
    case 'timeout':
    case 'invalid-response':
    case 'model-not-found':
      return true;
    case 'context-length':
    case 'refused':
    case 'invalid-request':
    case 'no-tools':
    case 'replay-refused':
    case 'response-too-large':
      return false;
  }
}

/**
 * Retries if the provider refuses tools before any part of an answer. If the model takes no tools
 * at all, as small models may, the retry has none; otherwise it omits the tool that the refusal
 * names. From then on these tools are not offered to this model.
 */
export function withoutRefusedTools(provider: ModelProvider): ModelProvider {
  const withoutTools = new Set<string>();
  const refused = new Map<string, Set<string>>();

  function offered({ model, tools }: ModelRequest): ModelRequest['tools'] {
    if (withoutTools.has(model)) return [];
    const names = refused.get(model);
    return names ? tools.filter(({ name }) => !names.has(name)) : tools;
  }

  /** The notice for the user, or undefined if the failure is not about tools. */
  function learnFrom(error: unknown, { model, tools }: ModelRequest): string | undefined {
    if (!(error instanceof ProviderError) || tools.length === 0) return undefined;
    if (error.reason === 'no-tools') {
      withoutTools.add(model);
      return `${model} does not support tools; asking it without them.`;
    }
    if (error.reason !== 'invalid-request') return undefined;
    const tool = findRefusedTool(error.message, tools);
    if (!tool) return undefined;
    refused.set(model, new Set([...(refused.get(model) ?? []), tool.name]));
    return `${provider.name} refuses the tool "${tool.name}"; asking ${model} without it.`;
  }

  return {
    name: provider.name,
    listModels: (signal) => provider.listModels(signal),

    async *stream(request, signal) {
      for (let isSecond = false; ; isSecond = true) {
        const asked = { ...request, tools: offered(request) };
        let sawVisible = false;
        try {
          for await (const event of provider.stream(asked, signal)) {
            sawVisible ||= isVisible(event);
            yield event;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (sawVisible) throw error;
          const notice = learnFrom(error, asked);
          if (isSecond || notice === undefined) throw error;
          yield { type: 'notice', text: notice };
        }
      }
    },
  };
}
