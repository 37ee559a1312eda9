import { ProviderError } from '../errors/provider-error.ts';
import type { ModelProvider } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';

/**
 * Asks again without tools where the provider says, before anything of an answer, that the model
 * takes none: a small model that can only talk shall talk. From then on it is not offered any.
 */
export function withoutRefusedTools(provider: ModelProvider): ModelProvider {
  const refusing = new Set<string>();

  return {
    name: provider.name,
    listModels: (signal) => provider.listModels(signal),

    async *stream(request, signal) {
      const { model, tools } = request;
      if (tools.length > 0 && !refusing.has(model)) {
        let sawVisible = false;
        try {
          for await (const event of provider.stream(request, signal)) {
            sawVisible ||= isVisible(event);
            yield event;
          }
          return;
        } catch (error) {
          signal.throwIfAborted();
          const isRefusal = error instanceof ProviderError && error.reason === 'no-tools';
          if (sawVisible || !isRefusal) throw error;
          refusing.add(model);
          yield { type: 'notice', text: `${model} takes no tools; asking it without them.` };
        }
      }
      yield* provider.stream({ ...request, tools: [] }, signal);
    },
  };
}
