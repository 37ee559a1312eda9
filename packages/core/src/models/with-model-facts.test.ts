import { beforeEach, describe, expect, it } from '@jest/globals';
import { modelRequest } from '@synapse/test/support/model-request';
import type { ModelProvider, ModelRequest } from '../ports/model-provider.ts';
import { findFacts } from './find-model.ts';
import { withModelFacts } from './with-model-facts.ts';

describe('withModelFacts', () => {
  let asked: ModelRequest[];
  let provider: ModelProvider;
  beforeEach(() => {
    asked = [];
    const inner: ModelProvider = {
      name: 'double',
      listModels: async () => [],
      async *stream(request) {
        asked.push(request);
        yield { type: 'text-delta', text: 'Yes.' };
      },
    };
    provider = withModelFacts(inner, (model) => findFacts('double', model));
  });
  const ask = async (request: Partial<ModelRequest>): Promise<string[]> => {
    const texts: string[] = [];
    for await (const event of provider.stream(
      modelRequest(request),
      new AbortController().signal,
    )) {
      if (event.type === 'notice') texts.push(event.text);
    }
    return texts;
  };

  it.each(['claude-opus-4-7', 'anthropic/claude-sonnet-5.5', 'gpt-5-mini', 'o3', 'gpt-6-sol'])(
    'asks %s without a temperature, and reports it once',
    async (model) => {
      const first = await ask({ model, temperature: 0.2 });
      const second = await ask({ model, temperature: 0.2 });
      expect(first).toEqual([`${model} does not support a temperature; asking it without one.`]);
      expect(second).toEqual([]);
      expect(asked.map(({ temperature }) => temperature)).toEqual([null, null]);
    },
  );

  it.each(['claude-haiku-4-5', 'gpt-4.1', 'unheard-of'])(
    'leaves %s its temperature',
    async (model) => {
      expect(await ask({ model, temperature: 0 })).toEqual([]);
      expect(await ask({ model: 'gpt-5' })).toEqual([]);
      expect(asked.map(({ temperature }) => temperature)).toEqual([0, null]);
    },
  );

  it('asks for no more output than the model allows', async () => {
    await ask({ model: 'claude-opus-4-1', maxOutputTokens: 100_000 });
    await ask({ model: 'claude-opus-4-1', maxOutputTokens: 1000 });
    await ask({ model: 'unheard-of', maxOutputTokens: 100_000 });
    await ask({ model: 'claude-opus-4-1' });
    expect(asked.map((request) => request.maxOutputTokens)).toEqual([32_000, 1000, 100_000, null]);
  });
});
