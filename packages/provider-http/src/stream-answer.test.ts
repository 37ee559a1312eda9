import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openProviderDouble } from '@synapse/test/support/provider-double';
import { collect } from '@synapse/test/support/read-answer';
import { createFetch } from './create-fetch.ts';
import type { AnswerReader } from './answer-reader.ts';
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

  it('leaves no timer behind when a document breaks off that came instead of a stream', async () => {
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
