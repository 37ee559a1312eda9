import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { modelRequest } from '@synapse/test/support/model-request';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { createOpenAiProvider } from './openai-provider.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the end of a chat answer', () => {
  let double: ProviderDouble;

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    double = await openProviderDouble();
  });
  afterEach(async () => {
    jest.useRealTimers();
    await double.close();
  });

  /** Reads up to the first words; what comes behind them is awaited from then on. */
  async function readWords(): Promise<{ rest: Promise<StreamEvent[]> }> {
    const { url: baseUrl } = double;
    const provider = createOpenAiProvider({ name: 'x', dialect: 'chat', apiKey: null, baseUrl });
    const stream = provider.stream(modelRequest(), new AbortController().signal);
    const iterator = stream[Symbol.asyncIterator]();
    let event = await iterator.next();
    while (event.done !== true && event.value.type !== 'text-delta') event = await iterator.next();
    const readRest = async (): Promise<StreamEvent[]> => {
      const events: StreamEvent[] = [];
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
        events.push(next.value);
      }
      return events;
    };
    const rest = readRest();
    for (let count = 0; count < 20; count += 1) await turn();
    return { rest };
  }

  it('waits for the usage after a finish reason as long as for any event', async () => {
    let goOn: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    const wire = openAiChatWire({
      text: ['Hello'],
      usage: { inputTokens: 111, outputTokens: 222 },
    });
    const [usage = '', done = ''] = wire.splice(-2);
    double.script(streamOf([{ send: wire.join('') }, { wait }, { send: usage + done }]));
    const { rest } = await readWords();
    jest.advanceTimersByTime(100_000);
    goOn();
    expect((await rest).at(-1)).toMatchObject({
      type: 'turn-end',
      usage: { inputTokens: 111, outputTokens: 222, estimated: false },
    });
  });

  it('ends a few seconds after finish reason and usage if the server stays open', async () => {
    const wire = openAiChatWire({ text: ['Hello'] }).slice(0, -1);
    double.script(streamOf([{ send: wire.join('') }, { hang: true }]));
    const { rest } = await readWords();
    jest.advanceTimersByTime(5000);
    expect((await rest).at(-1)).toMatchObject({ type: 'turn-end', usage: { inputTokens: 20 } });
  });
});
