import type { NewMessage } from '@synapse/core';
import { aMessage, anAnswer, aSession } from '../support/samples.ts';
import { openAnswerer } from './answerer.ts';
import { BenchHome } from './bench-home.ts';
import { compare, type Measure } from './measure.ts';

const RUNS = 15;
const SENTENCE =
  'A short message of about ninety-five characters, as people write them to a model all day long.';
const TOKENS_OF_SENTENCE = 24;

/** As a provider counts it, and the store keeps it. */
function countedAt(index: number): Partial<NewMessage> {
  const usage = {
    ...{ inputTokens: TOKENS_OF_SENTENCE * index, outputTokens: TOKENS_OF_SENTENCE },
    ...{ cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false },
  };
  return { provider: 'openai', model: 'gpt-5', usage };
}

/** The same question in a long session and in a new one. */
export async function benchResume(): Promise<Measure[]> {
  const home = new BenchHome();
  const answerer = await openAnswerer();
  const ask = (...where: string[]) =>
    home.synapse(['-p', 'openai', '-m', 'gpt-5', ...where, 'hi'], {
      environment: { OPENAI_BASE_URL: answerer.urlFor(5) },
    });
  try {
    const store = await home.openStore();
    for (const count of [500, 5000]) {
      const { id } = await store.sessions.create(aSession({ handle: `of-${count}` }));
      const messages = Array.from({ length: count }, (_, index) =>
        index % 2 === 0 ? aMessage(SENTENCE) : anAnswer(SENTENCE, countedAt(index)),
      );
      for (let start = 0; start < count; start += 500) {
        await store.sessions.append(id, messages.slice(start, start + 500), null);
      }
    }
    await store.close();
    const measures: Measure[] = [];
    for (const [count, promise] of [
      [500, ''],
      [5000, 'at most 1.5 times'],
    ] as const) {
      const resume = () => ask('-s', `of-${count}`);
      await resume();
      const figure = `one-shot in a session of ${count} messages (in a new one)`;
      measures.push(await compare(figure, promise, resume, () => ask('--new'), RUNS));
    }
    return measures;
  } finally {
    answerer.close();
    home.remove();
  }
}
