import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderError, type ModelProvider, type StreamEvent } from '@synapse/core';
import {
  openProviderDouble,
  type ProviderDouble,
  type Reply,
} from '@synapse/test/support/provider-double';
import { eventStream, htmlReply, jsonReply, streamOf } from '@synapse/test/support/replies';
import { readAnswer, textOfEvents } from '@synapse/test/support/read-answer';
import { modelRequest } from '@synapse/test/support/model-request';
import type { ScriptedAnswer } from '@synapse/test/support/wire/scripted-answer';

export interface ModelProviderHarness {
  /** The provider under test, speaking to this address with this key. */
  createProvider(options: {
    url: string;
    apiKey: string;
    idleTimeoutMs?: number;
    connectTimeoutMs?: number;
  }): ModelProvider;
  /** The answer in the provider's own words: one string for each server event. */
  toWire(answer: ScriptedAnswer): string[];
  /** How many events, from the last one back, may be missing without the answer being cut off. */
  dispensableEvents: number;
}

const API_KEY = 'sk-contract-0123456789abcdef';
const never = new AbortController().signal;
const TOOL_CALLS = [
  { id: 'call_one', name: 'read_file', arguments: ['{"path":', '"a.txt"}'] },
  { id: 'call_two', name: 'list', arguments: [] },
];
const ANSWER: ScriptedAnswer = { text: ['Good ', 'morning ', '👋🏽 to you.'] };

/** What every ModelProvider owes to whoever asks it. */
export function modelProviderContract(name: string, harness: ModelProviderHarness): void {
  describe(`ModelProvider contract: ${name}`, () => {
    let double: ProviderDouble;
    let provider: ModelProvider;

    beforeEach(async () => {
      double = await openProviderDouble();
      provider = harness.createProvider({ url: double.url, apiKey: API_KEY });
    });
    afterEach(() => double.close());

    const answer = async (scripted: ScriptedAnswer): Promise<StreamEvent[]> => {
      double.script(eventStream(...harness.toWire(scripted)));
      const { events, error } = await readAnswer(provider);
      expect(error).toBeUndefined();
      return events;
    };
    const failure = async (reply: Reply): Promise<ProviderError> => {
      double.script(reply);
      const { events, error } = await readAnswer(provider);
      expect(error).toBeInstanceOf(ProviderError);
      expect(events.filter(({ type }) => type === 'turn-end')).toEqual([]);
      expect((error as ProviderError).provider).toBe(provider.name);
      return error as ProviderError;
    };

    describe('an answer', () => {
      it('ends with the only turn-end', async () => {
        const events = await answer(ANSWER);
        expect(events.findIndex(({ type }) => type === 'turn-end')).toBe(events.length - 1);
        expect(events.at(-1)).toMatchObject({
          finishReason: { unified: 'stop' },
          model: 'double-1',
        });
      });

      it('brings the text whole and in order', async () => {
        expect(textOfEvents(await answer(ANSWER), 'text-delta')).toBe('Good morning 👋🏽 to you.');
      });

      it('brings reasoning, closed by one end, before the text', async () => {
        const events = await answer({ reasoning: ['Hm, ', 'well.'], ...ANSWER });
        expect(textOfEvents(events, 'reasoning-delta')).toBe('Hm, well.');
        const types = events.map(({ type }) => type);
        expect(types.filter((type) => type === 'reasoning-end')).toHaveLength(1);
        expect(types.indexOf('reasoning-end')).toBeGreaterThan(
          types.lastIndexOf('reasoning-delta'),
        );
        expect(types.indexOf('reasoning-end')).toBeLessThan(types.indexOf('text-delta'));
      });

      it('has no empty deltas', async () => {
        const events = await answer({ reasoning: ['', 'x'], text: ['', 'a', ''] });
        for (const event of events) {
          if ('text' in event) expect(event.text).not.toBe('');
          if ('inputText' in event) expect(event.inputText).not.toBe('');
        }
      });

      it('never splits a code point, though the provider does', async () => {
        const [high, low] = ['\ud83d', '\ude00'];
        const events = await answer({
          reasoning: [`r${high}`, low],
          text: [`a${high}`, `${low}b`, high],
        });
        for (const event of events)
          if ('text' in event) expect(event.text).toBe(event.text.toWellFormed());
        expect(textOfEvents(events, 'text-delta')).toBe('a😀b\ufffd');
        expect(textOfEvents(events, 'reasoning-delta')).toBe('r😀');
      });

      it('may be empty', async () => {
        const events = await answer({});
        expect(events.map(({ type }) => type)).toEqual(['turn-end']);
      });

      it('reports the usage with the cache as a part of the input', async () => {
        const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 64 };
        expect((await answer({ ...ANSWER, usage })).at(-1)).toMatchObject({
          usage: { inputTokens: 100, outputTokens: 7, cacheReadTokens: 64, estimated: false },
        });
      });

      it('reports no usage where there is none, or where it can not be true', async () => {
        expect((await answer({ ...ANSWER, usage: null })).at(-1)).toMatchObject({ usage: null });
        const usage = { inputTokens: -5, outputTokens: 7 };
        expect((await answer({ ...ANSWER, usage })).at(-1)).toMatchObject({ usage: null });
      });

      it('says that it was cut at the limit', async () => {
        expect((await answer({ ...ANSWER, finish: 'length' })).at(-1)).toMatchObject({
          finishReason: { unified: 'length' },
        });
      });

      it('says that it was refused or filtered', async () => {
        expect((await answer({ text: ['No.'], finish: 'refusal' })).at(-1)).toMatchObject({
          finishReason: { unified: 'refusal' },
        });
        expect((await answer({ ...ANSWER, finish: 'content-filter' })).at(-1)).toMatchObject({
          finishReason: { unified: expect.stringMatching(/content-filter|refusal/) },
        });
      });

      it('may be left in the middle, which closes the connection', async () => {
        double.script(
          streamOf([{ send: harness.toWire(ANSWER).slice(0, -2).join('') }, { hang: true }]),
        );
        for await (const event of provider.stream(modelRequest(), never)) {
          if (event.type === 'text-delta') break;
        }
        await double.requests[0]?.abandoned;
      });

      it('leaves the connection open for the next question', async () => {
        await answer(ANSWER);
        await answer(ANSWER);
        expect(double.requests.map(({ connection }) => connection)).toEqual([1, 1]);
      });
    });

    describe('tool calls', () => {
      it('come whole, with their ids, behind their start', async () => {
        const events = await answer({ ...ANSWER, toolCalls: TOOL_CALLS });
        expect(events.filter(({ type }) => type === 'tool-call')).toEqual([
          { type: 'tool-call', id: 'call_one', name: 'read_file', input: { path: 'a.txt' } },
          { type: 'tool-call', id: 'call_two', name: 'list', input: {} },
        ]);
        const starts = events.filter(({ type }) => type === 'tool-call-start');
        expect(starts).toMatchObject([{ id: 'call_one' }, { id: 'call_two' }]);
        expect(events.at(-1)).toMatchObject({ finishReason: { unified: 'tool-calls' } });
      });

      it('have ids that are unique within the answer', async () => {
        const call = { id: 'again', name: 'list', arguments: ['{}'] };
        const events = await answer({ toolCalls: [call, call, { ...call, id: '' }] });
        const ids = events.flatMap((event) => (event.type === 'tool-call' ? [event.id] : []));
        expect(new Set(ids).size).toBe(3);
        expect(ids).not.toContain('');
      });

      it.each([
        ['are cut off', ['{"path": "/et']],
        ['are no object', ['[1, 2]']],
        ['have something behind them', ['{"a": 1} and more']],
      ])('are never executed when their arguments %s', async (_case, pieces) => {
        const events = await answer({ toolCalls: [{ id: 'c1', name: 'rm', arguments: pieces }] });
        expect(events.find(({ type }) => type === 'tool-call')).toEqual({
          type: 'tool-call',
          id: 'c1',
          name: 'rm',
          input: {},
          invalidInput: pieces.join(''),
        });
      });

      it('are never executed when the answer was cut at the limit', async () => {
        const events = await answer({ toolCalls: TOOL_CALLS, finish: 'length' });
        const calls = events.filter((event) => event.type === 'tool-call');
        expect(calls.map((call) => call.invalidInput)).toEqual(['{"path":"a.txt"}', '']);
      });

      it('take a key __proto__ for a key like any other', async () => {
        const events = await answer({
          toolCalls: [{ id: 'c1', name: 'set', arguments: ['{"__proto__":{"polluted":1}}'] }],
        });
        const call = events.find((event) => event.type === 'tool-call');
        expect(Object.keys(call?.input ?? {})).toEqual(['__proto__']);
        expect(({} as { polluted?: number }).polluted).toBeUndefined();
      });

      it('may be fifty at once, and may be large', async () => {
        const large = JSON.stringify({ text: 'x'.repeat(2_000_000) });
        const toolCalls = Array.from({ length: 50 }, (_, index) => ({
          id: `call_${index}`,
          name: 'write',
          arguments: index === 0 ? [large] : [`{"n":${index}}`],
        }));
        const calls = (await answer({ toolCalls })).filter((event) => event.type === 'tool-call');
        expect(calls.map((call) => call.id)).toEqual(toolCalls.map(({ id }) => id));
        expect(JSON.stringify(calls[0]?.input)).toBe(large);
      });
    });

    describe('a failure', () => {
      it.each([
        [400, 'invalid-request', false],
        [401, 'auth', false],
        [402, 'quota', false],
        [403, 'auth', false],
        [408, 'timeout', true],
        [409, 'overloaded', true],
        [413, 'invalid-request', false],
        [422, 'invalid-request', false],
        [429, 'rate-limit', true],
        [500, 'overloaded', true],
        [502, 'overloaded', true],
        [503, 'overloaded', true],
        [504, 'timeout', true],
        [529, 'overloaded', true],
      ])('by status %i is %s', async (status, reason, isRetryable) => {
        const error = await failure(
          jsonReply(status, { error: { message: 'It went wrong.', type: 'some_error' } }),
        );
        expect(error).toMatchObject({ reason, isRetryable, status });
        expect(error.message).toContain('It went wrong.');
        expect(double.requests).toHaveLength(1);
      });

      it('tells an unknown model from an unknown address', async () => {
        const unknownModel = {
          error: { message: 'model: double-1 is not here', type: 'not_found' },
        };
        expect(await failure(jsonReply(404, unknownModel))).toMatchObject({
          reason: 'model-not-found',
        });
        expect(await failure(htmlReply(404, '<h1>Not Found</h1>'))).toMatchObject({
          reason: 'invalid-request',
        });
      });

      it('tells a conversation that is too long from other bad requests', async () => {
        const message = 'prompt is too long: 210000 tokens > 200000 maximum';
        const error = await failure(
          jsonReply(400, { error: { type: 'invalid_request_error', message } }),
        );
        expect(error).toMatchObject({ reason: 'context-length', isRetryable: false });
      });

      it('tells an account without credit from too many requests', async () => {
        const body = {
          error: { message: 'Your credit balance is too low.', type: 'billing_error' },
        };
        expect(await failure(jsonReply(429, body))).toMatchObject({
          reason: 'quota',
          isRetryable: false,
        });
      });

      it.each([
        [{ 'retry-after': '3' }, 3000],
        [{ 'retry-after': '0' }, 0],
        [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
        [{ 'retry-after': ['2', '7'] }, 2000],
        [{ 'retry-after': 'Mon, 01 Jan 2001 00:00:00 GMT' }, 0],
        [{ 'retry-after': '-5' }, undefined],
        [{ 'retry-after': 'abc' }, undefined],
        [{}, undefined],
      ])('passes on how long to wait: %j', async (headers, retryAfterMs) => {
        const body = { error: { message: 'Slow down.' } };
        const error = await failure(jsonReply(429, body, headers));
        expect(error.retryAfterMs).toBe(retryAfterMs);
      });

      it('never shows the key, nor the page of a gateway', async () => {
        const message = `Incorrect API key provided: ${API_KEY}.`;
        const error = await failure(jsonReply(401, { error: { message } }));
        expect(`${error.message} ${String(error.stack)} ${error.hint ?? ''}`).not.toContain(
          API_KEY,
        );
        expect((await failure(htmlReply(502, '<html>Bad gateway</html>'))).message).not.toContain(
          '<',
        );
      });

      it('is thrown for success that is no stream', async () => {
        expect(await failure(htmlReply(200, '<html>Sign in</html>'))).toMatchObject({
          reason: 'invalid-response',
          isRetryable: false,
        });
        const body = { error: { message: 'Overloaded', type: 'overloaded_error' } };
        expect(await failure(jsonReply(200, body))).toMatchObject({ reason: 'overloaded' });
        expect(await failure(jsonReply(200, { hello: 'world' }))).toMatchObject({
          reason: 'invalid-response',
        });
        expect(await failure(eventStream(''))).toMatchObject({ reason: 'invalid-response' });
      });

      it('is thrown for a redirect, which is not followed', async () => {
        const elsewhere = await openProviderDouble();
        try {
          const location = `${elsewhere.url}/v1?secret=${API_KEY}`;
          const error = await failure({ status: 307, headers: { location } });
          expect(error).toMatchObject({ reason: 'invalid-response', isRetryable: false });
          expect(error.message).not.toContain(API_KEY);
          expect(elsewhere.requests).toEqual([]);
        } finally {
          await elsewhere.close();
        }
      });

      it('is thrown for words that are not the format', async () => {
        const [first = ''] = harness.toWire(ANSWER);
        expect(await failure(eventStream(first, 'data: {"type": nonsense\n\n'))).toMatchObject({
          reason: 'invalid-response',
        });
      });

      it('is thrown when nobody is there', async () => {
        await double.close();
        const { error } = await readAnswer(provider);
        expect(error).toMatchObject({ reason: 'network', isRetryable: true });
        double = await openProviderDouble();
      });

      it('is thrown when the connection is reset before the head', async () => {
        expect(await failure({ isRaw: true, steps: [{ reset: true }] })).toMatchObject({
          reason: 'network',
          isRetryable: true,
        });
      });

      it.each([
        ['no head', []],
        ['nothing', [{ send: '' }]],
        ['comments only', [{ send: ': alive\n\n' }, { send: ': alive\n\n' }]],
      ])('is thrown when %s comes', async (what, steps) => {
        const impatient = harness.createProvider({
          url: double.url,
          apiKey: API_KEY,
          idleTimeoutMs: 40,
          connectTimeoutMs: 40,
        });
        const hanging = [...steps, { hang: true as const }];
        double.script(what === 'no head' ? { isRaw: true, steps: hanging } : streamOf(hanging));
        const { error } = await readAnswer(impatient);
        expect(error).toMatchObject({ reason: 'timeout', isRetryable: true });
        await double.requests[0]?.abandoned;
      });

      it.each(['reset', 'close'] as const)(
        'is thrown for an answer with a %s in it',
        async (kind) => {
          const wire = harness.toWire({ ...ANSWER, toolCalls: TOOL_CALLS });
          const whole = Buffer.from(wire.join(''));
          const needed = Buffer.byteLength(
            wire.slice(0, wire.length - harness.dispensableEvents).join(''),
          );
          const stride = Math.max(1, Math.floor(needed / 40));
          for (let cut = 1; cut < needed - 4; cut += stride) {
            const cutting = kind === 'reset' ? { reset: true as const } : { close: true as const };
            const error = await failure(streamOf([{ send: whole.subarray(0, cut) }, cutting]));
            expect(error.isRetryable).toBe(true);
          }
        },
      );

      it('is thrown for an answer that ends early in good order', async () => {
        const wire = harness.toWire(ANSWER);
        for (let count = 1; count < wire.length - harness.dispensableEvents; count += 1) {
          expect(await failure(eventStream(...wire.slice(0, count)))).toMatchObject({
            reason: 'network',
            isRetryable: true,
          });
        }
      });
    });

    describe('an abort', () => {
      it('throws the reason without asking when it came first', async () => {
        const reason = new Error('changed my mind');
        const { error } = await readAnswer(provider, modelRequest(), AbortSignal.abort(reason));
        expect(error).toBe(reason);
        expect(double.requests).toEqual([]);
      });

      it('throws the reason and closes the connection while the head is awaited', async () => {
        const controller = new AbortController();
        const reason = new Error('enough');
        double.script(() => {
          setImmediate(() => controller.abort(reason));
          return { isRaw: true, steps: [{ hang: true }] };
        });
        const { error } = await readAnswer(provider, modelRequest(), controller.signal);
        expect(error).toBe(reason);
        await double.requests[0]?.abandoned;
      });

      it('throws the reason and closes the connection at every event', async () => {
        const wire = harness.toWire({ reasoning: ['Hm.'], ...ANSWER, toolCalls: TOOL_CALLS });
        const eventCount = (await answer({ reasoning: ['Hm.'], ...ANSWER, toolCalls: TOOL_CALLS }))
          .length;
        for (let stopAt = 1; stopAt < eventCount; stopAt += 1) {
          const controller = new AbortController();
          const reason = new Error(`enough at ${stopAt}`);
          double.script(streamOf([{ send: wire.slice(0, -1).join('') }, { hang: true }]));
          let seen = 0;
          const read = async (): Promise<void> => {
            for await (const event of provider.stream(modelRequest(), controller.signal)) {
              expect(event.type).not.toBe('turn-end');
              seen += 1;
              if (seen === stopAt) controller.abort(reason);
              else expect(seen).toBeLessThan(stopAt);
            }
          };
          // Where the last events need the end of the stream, the abort comes while waiting for it.
          setTimeout(() => controller.abort(reason), 60).unref();
          await expect(read()).rejects.toBe(reason);
          await double.requests.at(-1)?.abandoned;
        }
      });
    });

    describe('the list of models', () => {
      it('throws a ProviderError when it is refused', async () => {
        double.script(jsonReply(401, { error: { message: 'No.' } }));
        await expect(provider.listModels(never)).rejects.toMatchObject({
          reason: 'auth',
          provider: provider.name,
        });
      });

      it('throws the reason when it is aborted', async () => {
        const controller = new AbortController();
        double.script(() => {
          setImmediate(() => controller.abort(new Error('enough')));
          return { isRaw: true, steps: [{ hang: true }] };
        });
        await expect(provider.listModels(controller.signal)).rejects.toThrow('enough');
        await double.requests[0]?.abandoned;
      });
    });
  });
}
