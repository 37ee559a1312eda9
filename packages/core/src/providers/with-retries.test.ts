import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SkippingClock } from '@synapse/test/fakes/skipping-clock';
import { turnEnd, type ScriptedProvider } from '@synapse/test/fakes/scripted-provider';
import { failure, providerNamed, textAnswer } from '@synapse/test/support/answers';
import { modelRequest } from '@synapse/test/support/model-request';
import { collect } from '@synapse/test/support/read-answer';
import type { ProviderFailure } from '../errors/provider-error.ts';
import { withRetries, type RetryOptions } from './repeat-request.ts';

const never = new AbortController().signal;

function run(provider: ScriptedProvider, options: Partial<RetryOptions> = {}) {
  const clock = new SkippingClock();
  const wrapped = withRetries(provider, { clock, random: () => 0.5, ...options });
  return { clock, answer: collect(wrapped.stream(modelRequest(), never)) };
}

describe('withRetries', () => {
  it('passes a successful answer through without waiting', async () => {
    const { clock, answer } = run(providerNamed('acme', textAnswer('Hi')));
    expect(await answer).toEqual({ events: textAnswer('Hi'), error: undefined });
    expect(clock.sleeps).toEqual([]);
  });

  it('retries with growing waits and reports it', async () => {
    const provider = providerNamed(
      'acme',
      [failure('overloaded')],
      [failure('network')],
      textAnswer('Hi'),
    );
    const { clock, answer } = run(provider);
    expect((await answer).events).toEqual([
      { type: 'notice', text: 'acme is overloaded; retrying in 1 s (2 of 5).' },
      { type: 'notice', text: "acme can't be reached; retrying in 2 s (3 of 5)." },
      ...textAnswer('Hi'),
    ]);
    expect(clock.sleeps).toEqual([1000, 1500]);
  });

  it('gives up after the last attempt, with the last error', async () => {
    const failures = [failure('timeout'), failure('timeout'), failure('overloaded')];
    const provider = providerNamed('acme', ...failures.map((error) => [error]), textAnswer('Hi'));
    const { clock, answer } = run(provider, { maxAttempts: 3 });
    expect((await answer).error).toMatchObject({ reason: 'overloaded' });
    expect(provider.requests).toHaveLength(3);
    expect(clock.sleeps).toHaveLength(2);
  });

  it.each<ProviderFailure>([
    'auth',
    'quota',
    'context-length',
    'refused',
    'invalid-request',
    'model-not-found',
    'no-tools',
    'replay-refused',
  ])('never retries after %s, even if the adapter calls it retryable', async (reason) => {
    const provider = providerNamed('acme', [failure(reason)], textAnswer('Hi'));
    expect((await run(provider).answer).error).toMatchObject({ reason });
    expect(provider.requests).toHaveLength(1);
  });

  it('does not retry after a permanent failure or a bug', async () => {
    for (const error of [failure('overloaded', { isRetryable: false }), new TypeError('bug')]) {
      const provider = providerNamed('acme', [error], textAnswer('Hi'));
      expect((await run(provider).answer).error).toBe(error);
      expect(provider.requests).toHaveLength(1);
    }
  });

  it.each([
    { type: 'text-delta', text: 'H' },
    { type: 'reasoning-delta', text: 'H' },
    { type: 'reasoning-end', replay: { dialect: 'x', data: 1 } },
    { type: 'tool-call-start', id: 'a', name: 'read' },
  ] as const)('does not repeat once $type was seen', async (event) => {
    const provider = providerNamed('acme', [event, failure('network')], textAnswer('Hi'));
    const { events, error } = await run(provider).answer;
    expect(events).toEqual([event]);
    expect(error).toMatchObject({ reason: 'network' });
  });

  it.each<[ProviderFailure, boolean]>([
    ['network', false],
    ['timeout', false],
    ['invalid-response', false],
    ['overloaded', true],
    ['rate-limit', true],
  ])('retries a started answer that ended in %s: %s', async (reason, isRepeated) => {
    const started = { type: 'started', model: 'm' } as const;
    const provider = providerNamed('acme', [started, failure(reason)], textAnswer('Hi'));
    const { error } = await run(provider).answer;
    expect(provider.requests).toHaveLength(isRepeated ? 2 : 1);
    expect(error).toEqual(isRepeated ? undefined : expect.objectContaining({ reason }));
  });

  it('retries if only a notice was shown', async () => {
    const notice = { type: 'notice', text: 'slow today' } as const;
    const provider = providerNamed('acme', [notice, failure('network')], textAnswer('Hi'));
    const { events } = await run(provider).answer;
    expect(events.at(-1)).toEqual(turnEnd);
    expect(provider.requests).toHaveLength(2);
  });

  it('ends with the turn, without waiting for the stream to close', async () => {
    const provider = providerNamed('acme', [turnEnd, failure('network')]);
    expect(await run(provider).answer).toEqual({ events: [turnEnd], error: undefined });
  });

  it('waits as long as the provider asks, plus up to a quarter, but at most a minute', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(120_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (retryAfterMs, random) => {
          const limited = [failure('rate-limit', { retryAfterMs })];
          const provider = providerNamed('acme', limited, textAnswer('Hi'));
          const { clock, answer } = run(provider, { random: () => random });
          const { error } = await answer;
          if (retryAfterMs > 60_000) {
            expect(error).toMatchObject({ retryAfterMs });
            expect(clock.sleeps).toEqual([]);
          } else {
            expect(clock.sleeps).toHaveLength(1);
            expect(clock.sleeps[0]).toBeGreaterThanOrEqual(retryAfterMs);
            expect(clock.sleeps[0]).toBeLessThanOrEqual(
              Math.min(Math.ceil(retryAfterMs * 1.25), 60_000),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has a minimum and a maximum for its own waits', async () => {
    for (const random of [0, 0.999]) {
      const overloaded = Array.from({ length: 12 }, () => [failure('overloaded')]);
      const provider = providerNamed('acme', ...overloaded);
      const { clock, answer } = run(provider, { random: () => random, maxAttempts: 12 });
      await answer;
      expect(clock.sleeps).toHaveLength(11);
      expect(Math.min(...clock.sleeps)).toBeGreaterThanOrEqual(500);
      expect(Math.max(...clock.sleeps)).toBeLessThanOrEqual(30_500);
    }
  });

  it('ignores a nonsensical retry-after', async () => {
    for (const retryAfterMs of [-1, NaN]) {
      const provider = providerNamed(
        'acme',
        [failure('rate-limit', { retryAfterMs })],
        textAnswer('Hi'),
      );
      const { clock, answer } = run(provider);
      await answer;
      expect(clock.sleeps).toEqual([1000]);
    }
  });

  it('shares one waiting budget among the requests of a turn', async () => {
    const limited = [failure('rate-limit', { retryAfterMs: 40_000 })];
    const provider = providerNamed('acme', limited, textAnswer('1'), limited, limited);
    const clock = new SkippingClock();
    const wrapped = withRetries(provider, { clock, random: () => 0, waitBudgetMs: 70_000 });
    const turn = new AbortController();
    const first = await collect(wrapped.stream(modelRequest(), turn.signal));
    const second = await collect(wrapped.stream(modelRequest(), turn.signal));
    expect([first.error, second.error]).toEqual([undefined, limited[0]]);
    await collect(wrapped.stream(modelRequest(), new AbortController().signal));
    expect(clock.sleeps).toEqual([40_000, 40_000]);
  });

  it('reports the reason of the abort when an abort looks like a failure', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const provider = providerNamed('acme', []);
    provider.stream = async function* () {
      yield { type: 'notice', text: 'slow' };
      throw failure('network');
    };
    const wrapped = withRetries(provider, { clock: new SkippingClock() });
    const stream = wrapped.stream(modelRequest(), controller.signal)[Symbol.asyncIterator]();
    await stream.next();
    controller.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
  });

  it('stops waiting when the turn is aborted', async () => {
    const provider = providerNamed('acme', [failure('overloaded')], textAnswer('Hi'));
    const clock = new SkippingClock();
    const controller = new AbortController();
    const reason = new Error('stopped');
    clock.onSleep = () => {
      controller.abort(reason);
    };
    const wrapped = withRetries(provider, { clock });
    const { error } = await collect(wrapped.stream(modelRequest(), controller.signal));
    expect(error).toBe(reason);
    expect(provider.requests).toHaveLength(1);
  });
});
