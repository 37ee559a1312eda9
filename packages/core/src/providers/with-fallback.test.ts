import { describe, expect, it } from '@jest/globals';
import { turnEnd } from '@synapse/test/fakes/scripted-provider';
import { failure, providerNamed, textAnswer } from '@synapse/test/support/answers';
import { modelRequest } from '@synapse/test/support/model-request';
import { collect } from '@synapse/test/support/read-answer';
import type { ProviderFailure } from '../errors/provider-error.ts';
import type { RequestMessage } from '../ports/model-provider.ts';
import { withFallback } from './repeat-request.ts';

const never = new AbortController().signal;

describe('withFallback', () => {
  it('asks only the first as long as it answers', async () => {
    const other = providerNamed('other', textAnswer('no'));
    const first = providerNamed('acme', textAnswer('Hi'));
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    const { events } = await collect(wrapped.stream(modelRequest({ model: 'm1' }), never));
    expect(events.at(-1)).toEqual({ ...turnEnd, provider: 'acme', askedModel: 'm1' });
    expect(first.requests[0]?.model).toBe('m1');
    expect(other.requests).toEqual([]);
  });

  it('reports which provider started, and for which model', async () => {
    const started = { type: 'started', model: 'dated' } as const;
    const first = providerNamed('acme', [started, failure('overloaded')]);
    const other = providerNamed('other', [started, ...textAnswer('Hi')]);
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    const { events } = await collect(wrapped.stream(modelRequest({ model: 'm1' }), never));
    expect(events.filter(({ type }) => type === 'started')).toEqual([
      { ...started, provider: 'acme', askedModel: 'm1' },
      { ...started, provider: 'other', askedModel: 'm2' },
    ]);
  });

  it('skips a provider that must not be asked, and reports why', async () => {
    const first = providerNamed('acme', [failure('overloaded')]);
    const second = providerNamed('bravo', textAnswer('no'));
    const third = providerNamed('charly', textAnswer('Hi'));
    const barred = { provider: second, model: 'm2', obstacle: 'its price is unknown' };
    const wrapped = withFallback(first, [barred, { provider: third, model: 'm3' }]);
    const { events } = await collect(wrapped.stream(modelRequest({ model: 'm1' }), never));
    expect(events.slice(0, 2)).toEqual([
      { type: 'notice', text: 'bravo/m2 is skipped: its price is unknown.' },
      { type: 'notice', text: 'acme is overloaded; continuing with charly/m3.' },
    ]);
    expect(second.requests).toEqual([]);

    const alone = withFallback(providerNamed('acme', [failure('overloaded')]), [barred]);
    const { error } = await collect(alone.stream(modelRequest({ model: 'm1' }), never));
    expect(error).toMatchObject({ reason: 'overloaded' });
  });

  it('tries the chain in order, each with its own model, and reports it', async () => {
    const first = providerNamed('acme', [failure('overloaded')]);
    const second = providerNamed('bravo', [failure('auth', { provider: 'bravo' })]);
    const third = providerNamed('charly', textAnswer('Hi'));
    const wrapped = withFallback(first, [
      { provider: second, model: 'm2' },
      { provider: third, model: 'm3' },
    ]);
    const { events } = await collect(wrapped.stream(modelRequest({ model: 'm1' }), never));
    expect(events).toEqual([
      { type: 'notice', text: 'acme is overloaded; continuing with bravo/m2.' },
      { type: 'notice', text: 'bravo rejects the key; continuing with charly/m3.' },
      { type: 'text-delta', text: 'Hi' },
      { ...turnEnd, provider: 'charly', askedModel: 'm3' },
    ]);
    expect(third.requests[0]?.model).toBe('m3');
  });

  it('throws the last error when the chain ends', async () => {
    const first = providerNamed('acme', [failure('quota')]);
    const other = providerNamed('other', [failure('network', { provider: 'other' })]);
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    const { error } = await collect(wrapped.stream(modelRequest(), never));
    expect(error).toMatchObject({ provider: 'other', reason: 'network' });
  });

  it.each<ProviderFailure>(['context-length', 'refused', 'invalid-request'])(
    'asks nobody else after %s',
    async (reason) => {
      const other = providerNamed('other', textAnswer('no'));
      const first = providerNamed('acme', [failure(reason)]);
      const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
      const { events, error } = await collect(wrapped.stream(modelRequest(), never));
      expect(events).toEqual([]);
      expect(error).toMatchObject({ reason });
    },
  );

  it('asks no other provider once part of an answer was shown', async () => {
    const other = providerNamed('other', textAnswer('no'));
    const text = { type: 'text-delta', text: 'H' } as const;
    const first = providerNamed('acme', [text, failure('network')]);
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    const { events, error } = await collect(wrapped.stream(modelRequest(), never));
    expect(events).toEqual([text]);
    expect(error).toMatchObject({ reason: 'network' });
    expect(other.requests).toEqual([]);
  });

  it('asks no other provider when the turn is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const other = providerNamed('other', textAnswer('no'));
    const first = providerNamed('acme', []);
    first.stream = async function* () {
      yield { type: 'notice', text: 'slow' };
      throw failure('network');
    };
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    const stream = wrapped.stream(modelRequest(), controller.signal)[Symbol.asyncIterator]();
    await stream.next();
    controller.abort(reason);
    await expect(stream.next()).rejects.toBe(reason);
    expect(other.requests).toEqual([]);
  });

  it('sends no sealed reasoning of the first model to another', async () => {
    const replay = { dialect: 'x', data: 'sealed' };
    const messages: RequestMessage[] = [
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm', replay },
          { type: 'reasoning', text: '', replay },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'c' }] },
    ];
    const first = providerNamed('acme', [failure('timeout')]);
    const other = providerNamed('other', textAnswer('Hi'));
    const wrapped = withFallback(first, [{ provider: other, model: 'm2' }]);
    await collect(wrapped.stream(modelRequest({ messages }), never));
    expect(first.requests[0]?.messages).toEqual(messages);
    expect(other.requests[0]?.messages[1]?.parts).toEqual([
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: 'b' },
    ]);
  });
});
