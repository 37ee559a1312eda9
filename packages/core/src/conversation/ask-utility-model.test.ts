import { expect, it } from '@jest/globals';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import type { ModelProvider } from '../ports/model-provider.ts';
import type { TurnEnd } from '../ports/stream-event.ts';
import { askUtilityModel } from './ask-utility-model.ts';

const limits: (number | null)[] = [];

/** Thinks for 8000 tokens, which count against the limit, and answers with what is left. */
function thinkingProvider(name: string): ModelProvider {
  return {
    name,
    async *stream({ maxOutputTokens }) {
      limits.push(maxOutputTokens);
      if (maxOutputTokens !== null && maxOutputTokens <= 8_000) {
        const finishReason = { unified: 'length' as const, raw: 'max_tokens' };
        yield { ...(turnEnd as TurnEnd), finishReason };
        return;
      }
      yield text('A short answer.');
      yield turnEnd;
    },
    listModels: async () => [],
  };
}

function ask(provider: string, model: string) {
  return askUtilityModel(
    {
      provider: thinkingProvider(provider),
      model,
      prices: { costOf: () => null },
      clock: new FakeClock(),
    },
    { systemPrompt: 'Summarise.', text: 'Much.', answerTokens: 1_000 },
    new AbortController().signal,
  );
}

it.each([
  ['openai', 'gpt-5'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['a-server-of-mine', 'qwen3'],
])('leaves room for the answer of a reasoning model: %s/%s', async (provider, model) => {
  expect(await ask(provider, model)).toMatchObject({ text: 'A short answer.' });
});

it('keeps the limit of a model that is known not to think', async () => {
  await ask('openai', 'gpt-4o');
  expect(limits.at(-1)).toBe(1_000);
});

it('keeps the token counts if the answer is interrupted', async () => {
  const usage = { ...(turnEnd as TurnEnd).usage!, inputTokens: 5000, cacheReadTokens: 4900 };
  const provider: ModelProvider = {
    name: 'openai',
    async *stream() {
      yield { type: 'started', model: 'gpt-5-dated' };
      yield { type: 'usage', usage };
      throw new Error('gone');
    },
    listModels: async () => [],
  };
  const { figures } = await askUtilityModel(
    { provider, model: 'gpt-5', prices: { costOf: () => null }, clock: new FakeClock() },
    { systemPrompt: 'Summarise.', text: 'Much.', answerTokens: 1_000 },
    new AbortController().signal,
  );
  expect(figures).toMatchObject({ model: 'gpt-5-dated', usage: { ...usage, estimated: true } });
});
