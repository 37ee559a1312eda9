import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { openProviderDouble } from '@synapse/test/support/provider-double';
import { readAnswer, textOfEvents } from '@synapse/test/support/read-answer';
import { eventStream, htmlReply, jsonReply, streamOf } from '@synapse/test/support/replies';
import { ANSWER, API_KEY, TOOL_CALLS, type ProviderKit } from './provider-kit.ts';

/** What may happen to the bytes on their way. */
export function connectionCases(kit: ProviderKit): void {
  describe('a connection', () => {
    it('fails for success that is no stream', async () => {
      expect(await kit.failure(htmlReply(200, '<html>Sign in</html>'))).toMatchObject({
        reason: 'invalid-response',
        isRetryable: false,
      });
      const body = { error: { message: 'Overloaded', type: 'overloaded_error' } };
      expect(await kit.failure(jsonReply(200, body))).toMatchObject({ reason: 'overloaded' });
      expect(await kit.failure(jsonReply(200, { hello: 'world' }))).toMatchObject({
        reason: 'invalid-response',
      });
      expect(await kit.failure(eventStream(''))).toMatchObject({ reason: 'invalid-response' });
    });

    it('fails for a redirect, which is not followed', async () => {
      const elsewhere = await openProviderDouble();
      try {
        const location = `${elsewhere.url}/v1?secret=${API_KEY}`;
        const error = await kit.failure({ status: 307, headers: { location } });
        expect(error).toMatchObject({ reason: 'invalid-response', isRetryable: false });
        expect(error.message).not.toContain(API_KEY);
        expect(elsewhere.requests).toEqual([]);
      } finally {
        await elsewhere.close();
      }
    });

    it('fails for words that are not the format', async () => {
      const [first = ''] = kit.harness.toWire(ANSWER);
      expect(await kit.failure(eventStream(first, 'data: {"type": nonsense\n\n'))).toMatchObject({
        reason: 'invalid-response',
      });
    });

    it('fails when no proxy listens', async () => {
      await kit.double.close();
      const { error } = await readAnswer(kit.provider);
      expect(error).toMatchObject({ reason: 'network' });
      kit.double = await openProviderDouble();
    });

    it('fails when the connection is reset before the head', async () => {
      expect(await kit.failure({ isRaw: true, steps: [{ reset: true }] })).toMatchObject({
        reason: 'network',
        isRetryable: true,
      });
    });

    it.each([
      ['no head', []],
      ['nothing', [{ send: '' }]],
      ['comments only', [{ send: ': alive\n\n' }, { send: ': alive\n\n' }]],
    ])('fails when %s comes', async (what, steps) => {
      const impatient = kit.harness.createProvider({
        url: kit.double.url,
        apiKey: API_KEY,
        idleTimeoutMs: 40,
        connectTimeoutMs: 40,
      });
      const hanging = [...steps, { hang: true as const }];
      kit.double.script(what === 'no head' ? { isRaw: true, steps: hanging } : streamOf(hanging));
      const { error } = await readAnswer(impatient);
      expect(error).toMatchObject({ reason: 'timeout', isRetryable: true });
      await kit.double.requests[0]?.abandoned;
    });

    it.each(['reset', 'close'] as const)(
      'is thrown for an answer with a %s in it',
      async (kind) => {
        const wire = kit.harness.toWire({ ...ANSWER, toolCalls: TOOL_CALLS });
        const whole = Buffer.from(wire.join(''));
        const needed = Buffer.byteLength(
          wire.slice(0, wire.length - kit.harness.dispensableEvents).join(''),
        );
        const stride = Math.max(1, Math.floor(needed / 40));
        for (let cut = 1; cut < needed - 4; cut += stride) {
          const cutting = kind === 'reset' ? { reset: true as const } : { close: true as const };
          const error = await kit.failure(streamOf([{ send: whole.subarray(0, cut) }, cutting]));
          expect(error.isRetryable).toBe(true);
        }
      },
    );

    it('fails for an answer that ends early in good order', async () => {
      const wire = kit.harness.toWire(ANSWER);
      for (let count = 1; count < wire.length - kit.harness.dispensableEvents; count += 1) {
        expect(await kit.failure(eventStream(...wire.slice(0, count)))).toMatchObject({
          reason: 'network',
          isRetryable: true,
        });
      }
    });

    it.each(['hang', 'reset'] as const)(
      'is thrown for an answer with a %s in front of the event that ends it',
      async (kind) => {
        const impatient = kit.harness.createProvider({
          url: kit.double.url,
          apiKey: API_KEY,
          idleTimeoutMs: 40,
        });
        const wire = kit.harness.toWire(ANSWER);
        const cutting = kind === 'reset' ? { reset: true as const } : { hang: true as const };
        for (let count = 1; count < wire.length - 1; count += 1) {
          kit.double.script(streamOf([{ send: wire.slice(0, count).join('') }, cutting]));
          const { events, error } = await readAnswer(impatient);
          expect(error).toMatchObject({ reason: kind === 'reset' ? 'network' : 'timeout' });
          expect(events.some(({ type }) => type === 'turn-end')).toBe(false);
        }
      },
    );

    it('reads nothing behind the end of the answer', async () => {
      const wire = kit.harness.toWire(ANSWER).join('');
      kit.double.script(eventStream(wire, wire, 'data: {"type": nonsense\n\n'));
      const { events, error } = await readAnswer(kit.provider);
      expect(error).toBeUndefined();
      expect(events.filter(({ type }) => type === 'turn-end')).toHaveLength(1);
      expect(textOfEvents(events, 'text-delta')).toBe('Good morning 👋🏽 to you.');
    });

    it('takes a reset behind the end of the answer for the end', async () => {
      const wire = kit.harness.toWire(ANSWER).join('');
      kit.double.script(streamOf([{ send: wire }, { reset: true }]));
      const { events, error } = await readAnswer(kit.provider);
      expect(error).toBeUndefined();
      expect(events.at(-1)).toMatchObject({ type: 'turn-end' });
    });

    it('needs no closed connection to know that the answer is complete', async () => {
      const wire = kit.harness.toWire(ANSWER).join('');
      kit.double.script(streamOf([{ send: wire }, { hang: true }]));
      const { events, error } = await readAnswer(kit.provider);
      expect(error).toBeUndefined();
      expect(events.at(-1)).toMatchObject({ type: 'turn-end' });
      await kit.double.requests[0]?.abandoned;
    });

    it('takes a stream that is packed, or named something else', async () => {
      const wire = kit.harness.toWire(ANSWER).join('');
      const packed = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
      kit.double.script({ headers: packed, steps: [{ send: gzipSync(wire) }] });
      expect((await readAnswer(kit.provider)).error).toBeUndefined();
      kit.double.script({ headers: { 'content-type': 'text/plain' }, steps: [{ send: wire }] });
      expect((await readAnswer(kit.provider)).error).toBeUndefined();
    });

    it('fails for a stream that is packed and cut', async () => {
      const send = gzipSync(kit.harness.toWire(ANSWER).join('')).subarray(0, 30);
      const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
      expect(await kit.failure({ headers, steps: [{ send }] })).toMatchObject({
        reason: 'network',
        isRetryable: true,
      });
    });
  });
}
