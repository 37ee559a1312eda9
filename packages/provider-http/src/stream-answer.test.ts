import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openProviderDouble } from '@synapse/test/support/provider-double';
import { collect } from '@synapse/test/support/read-answer';
import { createFetch } from './create-fetch.ts';
import type { AnswerReader } from './answer-reader.ts';
import type { MinimalResponse } from './minimal-response.ts';
import { streamAnswer } from './stream-answer.ts';

const reader: AnswerReader = {
  isComplete: false,
  join: () => false,
  read: () => [],
  end: () => [],
};

describe('streamAnswer', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
  afterEach(() => void jest.useRealTimers());

  const words: AnswerReader = {
    ...reader,
    read: ({ text, isEnd }) => {
      if (text === 'start') return [{ type: 'started', model: 'm' }];
      if (typeof text === 'string') return [{ type: 'text-delta', text }];
      const finishReason = { unified: 'stop' as const, raw: 'stop' };
      if (isEnd !== true) return [];
      return [{ type: 'turn-end', finishReason, usage: null, model: 'm' }];
    },
  };
  const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

  /** What comes of an answer whose pieces come after waits of so many seconds. */
  async function play(steps: (string | number)[], idleTimeoutMs?: number) {
    let failure: Error | undefined;
    const body = {
      next: async () => {
        for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
          if (typeof step === 'string') return { done: false, value: Buffer.from(step) };
          jest.advanceTimersByTime(step * 1000);
          if (failure) throw failure;
        }
        return { done: true };
      },
      release: async () => undefined,
      destroy: (error?: Error) => void (failure ??= error),
    };
    const { events, error } = await collect(
      streamAnswer({
        ...{ provider: 'double', secrets: [], idleTimeoutMs, reader: words },
        signal: new AbortController().signal,
        open: async () => ({ mediaType: 'text/event-stream', body }) as unknown as MinimalResponse,
      }),
    );
    return error ?? events.at(-1)?.type;
  }

  const [start, hi, end] = [
    event({ text: 'start' }),
    event({ text: 'Hi' }),
    event({ isEnd: true }),
  ];
  const minutes = (count: number, ping: string) => Array(count).fill([59, ping]).flat() as string[];
  const late = expect.objectContaining({ reason: 'timeout', isRetryable: true });

  it.each([
    ['pings', 'event: ping\ndata: {"type":"ping"}\n\n'],
    ['comments', ': alive\n\n'],
    ['pieces of an event', ' '],
  ])('is kept alive by %s, but for at most ten minutes', async (_what, ping) => {
    expect(await play([start, ...minutes(10, ping), `\n\n${hi}`, end])).toBe('turn-end');
    const twice = [...minutes(10, ping), `\n\n${hi}`, ...minutes(10, ping), `\n\n${end}`];
    expect(await play([start, ...twice], 60_000)).toBe('turn-end');
    expect(await play([start, ...minutes(11, ping), hi, end])).toEqual(late);
  });

  it('accepts pings as long as the configured timeout, if that is longer', async () => {
    expect(await play([start, ...minutes(30, ': alive\n\n'), hi, end], 2_000_000)).toBe('turn-end');
  });

  it('allows ten minutes of silence while a model thinks, and two during its answer', async () => {
    expect(await play([start, 599, hi, 119, end])).toBe('turn-end');
    expect(await play([start, 601, hi, end])).toEqual(late);
    expect(await play([start, hi, 121, end])).toEqual(late);
    expect(await play([121, start, hi, end])).toEqual(late);
  });

  it('applies the configured timeout, also while a model thinks', async () => {
    expect(await play([start, 29, hi, 29, end], 30_000)).toBe('turn-end');
    expect(await play([start, 31, hi, end], 30_000)).toEqual(late);
  });

  it('leaves no timer behind when a document instead of a stream is interrupted', async () => {
    const double = await openProviderDouble();
    const context = { provider: 'double', secrets: [], idleTimeoutMs: 60_000 };
    const fetch = createFetch({ ...context, connectTimeoutMs: 60_000, environment: {} });
    const headers = { 'content-type': 'application/json' };
    double.script({ headers, steps: [{ send: '{"error":' }, { reset: true }] });
    const { error } = await collect(
      streamAnswer({
        ...context,
        signal: new AbortController().signal,
        open: () => fetch(double.url),
        reader,
      }),
    );
    await double.close();
    expect(error).toMatchObject({ reason: 'network' });
    expect(jest.getTimerCount()).toBe(0);
  });
});
