import { withoutReplay } from './without-replay.ts';
import { ProviderError } from '../errors/provider-error.ts';
import type { ModelProvider } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';
import { describeFailure } from './describe-failure.ts';

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
