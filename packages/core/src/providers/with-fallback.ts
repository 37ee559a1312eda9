import { withoutReplay } from './without-replay.ts';
import { ProviderError } from '../errors/provider-error.ts';
import type { ModelProvider } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';
import { describeFailure } from './describe-failure.ts';

export interface FallbackLink {
  provider: ModelProvider;
  model: string;
}

/**
 * Asks `first` for the model of the request and, when it can't be had, the others in their order,
 * each for its own. Once something of an answer was seen nobody else is asked; nor when the request
 * itself is at fault, or was refused: asking around would not mend the one and would evade the other.
 */
export function withFallback(first: ModelProvider, others: readonly FallbackLink[]): ModelProvider {
  return {
    name: first.name,
    listModels: (signal) => first.listModels(signal),

    async *stream(request, signal) {
      let { provider, asked } = { provider: first, asked: request };
      for (const next of [...others, null]) {
        let sawVisible = false;
        try {
          for await (const event of provider.stream(asked, signal)) {
            sawVisible ||= isVisible(event);
            yield event.type === 'turn-end' ? { ...event, provider: provider.name } : event;
            if (event.type === 'turn-end') return;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (next === null || sawVisible || !isOutOfReach(error)) throw error;
          const nextName = `${next.provider.name}/${next.model}`;
          yield { type: 'notice', text: `${describeFailure(error)}; going on with ${nextName}.` };
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
    case 'response-too-large':
      return false;
  }
}
