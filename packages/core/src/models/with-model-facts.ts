import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import type { ModelFacts } from './known-model.ts';

/**
 * Leaves out of a request the options that the model is known to refuse, and reports it once per
 * model.
 */
export function withModelFacts(
  provider: ModelProvider,
  factsOf: (model: string) => ModelFacts,
): ModelProvider {
  const warned = new Set<string>();

  return {
    name: provider.name,
    listModels: (signal) => provider.listModels(signal),

    stream(request, signal) {
      const { model, temperature, maxOutputTokens } = request;
      const facts = factsOf(model);
      const most = facts.maxOutputTokens ?? Infinity;
      const fitting: ModelRequest = {
        ...request,
        temperature: facts.takesTemperature === false ? null : temperature,
        maxOutputTokens: maxOutputTokens === null ? null : Math.min(maxOutputTokens, most),
      };
      const answer = provider.stream(fitting, signal);
      if (fitting.temperature === temperature || warned.has(model)) return answer;
      warned.add(model);
      const text = `${model} does not support a temperature; asking it without one.`;
      return startingWith({ type: 'notice', text }, answer);
    },
  };
}

async function* startingWith<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
