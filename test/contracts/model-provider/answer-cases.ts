import { describe, expect, it } from '@jest/globals';
import { modelRequest } from '@synapse/test/support/model-request';
import { collect, textOfEvents } from '@synapse/test/support/read-answer';
import { eventStream, streamOf } from '@synapse/test/support/replies';
import { ANSWER, NEVER, type ProviderKit } from './provider-kit.ts';

/** What an answer consists of. */
export function answerCases(kit: ProviderKit): void {
  describe('an answer', () => {
    it('ends with the only turn-end', async () => {
      const events = await kit.answer(ANSWER);
      expect(events.findIndex(({ type }) => type === 'turn-end')).toBe(events.length - 1);
      expect(events.at(-1)).toMatchObject({
        finishReason: { unified: 'stop' },
        model: 'double-1',
      });
    });

    it('brings the text whole and in order', async () => {
      expect(textOfEvents(await kit.answer(ANSWER), 'text-delta')).toBe('Good morning 👋🏽 to you.');
    });

    it('brings reasoning, closed by one end, before the text', async () => {
      const events = await kit.answer({ reasoning: ['Hm, ', 'well.'], ...ANSWER });
      expect(textOfEvents(events, 'reasoning-delta')).toBe('Hm, well.');
      const types = events.map(({ type }) => type);
      expect(types.filter((type) => type === 'reasoning-end')).toHaveLength(1);
      expect(types.indexOf('reasoning-end')).toBeGreaterThan(types.lastIndexOf('reasoning-delta'));
      expect(types.indexOf('reasoning-end')).toBeLessThan(types.indexOf('text-delta'));
    });

    it('has no empty deltas', async () => {
      const events = await kit.answer({ reasoning: ['', 'x'], text: ['', 'a', ''] });
      for (const event of events) {
        if ('text' in event) expect(event.text).not.toBe('');
        if ('inputText' in event) expect(event.inputText).not.toBe('');
      }
    });

    it('never splits a code point, though the provider does', async () => {
      const [high, low] = ['\ud83d', '\ude00'];
      const events = await kit.answer({
        reasoning: [`r${high}`, low],
        text: [`a${high}`, `${low}b`, high],
      });
      for (const event of events)
        if ('text' in event) expect(event.text).toBe(event.text.toWellFormed());
      expect(textOfEvents(events, 'text-delta')).toBe('a😀b\ufffd');
      expect(textOfEvents(events, 'reasoning-delta')).toBe('r😀');
    });

    it('may be empty', async () => {
      const events = await kit.answer({});
      expect(events.map(({ type }) => type)).toEqual(['turn-end']);
    });

    it('reports the usage with the cache as a part of the input', async () => {
      const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 64 };
      expect((await kit.answer({ ...ANSWER, usage })).at(-1)).toMatchObject({
        usage: { inputTokens: 100, outputTokens: 7, cacheReadTokens: 64, estimated: false },
      });
    });

    it('begins by naming the model that has started', async () => {
      kit.double.script(eventStream(...kit.harness.toWire({ ...ANSWER, model: 'dated-1' })));
      const { events } = await collect(kit.provider.stream(modelRequest(), NEVER));
      expect(events[0]).toEqual({ type: 'started', model: 'dated-1' });
      expect(events.filter(({ type }) => type === 'started')).toHaveLength(1);
    });

    it('reports no other usage on the way than at its end', async () => {
      const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 64 };
      kit.double.script(eventStream(...kit.harness.toWire({ ...ANSWER, usage })));
      const { events } = await collect(kit.provider.stream(modelRequest(), NEVER));
      const counted = events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []));
      const end = events.find((event) => event.type === 'turn-end');
      for (const { inputTokens, cacheReadTokens } of counted) {
        expect({ inputTokens, cacheReadTokens }).toEqual({ inputTokens: 100, cacheReadTokens: 64 });
      }
      expect([...counted, end?.usage].at(-2) ?? end?.usage).toEqual(end?.usage);
    });

    it('reports no usage where there is none, or where it cannot be true', async () => {
      expect((await kit.answer({ ...ANSWER, usage: null })).at(-1)).toMatchObject({ usage: null });
      const usage = { inputTokens: -5, outputTokens: 7 };
      expect((await kit.answer({ ...ANSWER, usage })).at(-1)).toMatchObject({ usage: null });
    });

    it('says that it was cut at the limit', async () => {
      expect((await kit.answer({ ...ANSWER, finish: 'length' })).at(-1)).toMatchObject({
        finishReason: { unified: 'length' },
      });
    });

    it('says that it was refused or filtered', async () => {
      expect((await kit.answer({ text: ['No.'], finish: 'refusal' })).at(-1)).toMatchObject({
        finishReason: { unified: 'refusal' },
      });
      expect((await kit.answer({ ...ANSWER, finish: 'content-filter' })).at(-1)).toMatchObject({
        finishReason: { unified: expect.stringMatching(/content-filter|refusal/) },
      });
    });

    it('may be left in the middle, which closes the connection', async () => {
      kit.double.script(
        streamOf([{ send: kit.harness.toWire(ANSWER).slice(0, -2).join('') }, { hang: true }]),
      );
      for await (const event of kit.provider.stream(modelRequest(), NEVER)) {
        if (event.type === 'text-delta') break;
      }
      await kit.double.requests[0]?.abandoned;
    });

    it('leaves the connection open for the next question', async () => {
      await kit.answer(ANSWER);
      await kit.answer(ANSWER);
      expect(kit.double.requests.map(({ connection }) => connection)).toEqual([1, 1]);
    });

    it('may hold anything that is text, and much of it', async () => {
      const text = ['\u0000\u0007\u001b[31m', '\u2028\ufeff\uffff', 'x'.repeat(10_000_000)];
      expect(textOfEvents(await kit.answer({ text }), 'text-delta')).toBe(text.join(''));
    });
  });
}
