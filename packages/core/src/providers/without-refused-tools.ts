import { ProviderError } from '../errors/provider-error.ts';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import { isVisible } from '../ports/stream-event.ts';
import { findRefusedTool } from './find-refused-tool.ts';

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
