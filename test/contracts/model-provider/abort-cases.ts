import { describe, expect, it } from '@jest/globals';
import { modelRequest } from '@synapse/test/support/model-request';
import { collect, readAnswer } from '@synapse/test/support/read-answer';
import { eventStream, streamOf } from '@synapse/test/support/replies';
import { ANSWER, NEVER, TOOL_CALLS, type ProviderKit } from './provider-kit.ts';

/** That the caller can stop at any moment. */
export function abortCases(kit: ProviderKit): void {
  describe('an abort', () => {
    it('throws the reason without asking when it came first', async () => {
      const reason = new Error('changed my mind');
      const { error } = await readAnswer(kit.provider, modelRequest(), AbortSignal.abort(reason));
      expect(error).toBe(reason);
      expect(kit.double.requests).toEqual([]);
    });

    it('throws the reason and closes the connection while the head is awaited', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      kit.double.script(() => {
        setImmediate(() => controller.abort(reason));
        return { isRaw: true, steps: [{ hang: true }] };
      });
      const { error } = await readAnswer(kit.provider, modelRequest(), controller.signal);
      expect(error).toBe(reason);
      await kit.double.requests[0]?.abandoned;
    });

    it('throws the reason and closes the connection at every event', async () => {
      const wire = kit.harness.toWire({ reasoning: ['Hm.'], ...ANSWER, toolCalls: TOOL_CALLS });
      kit.double.script(eventStream(...wire));
      const whole = await collect(kit.provider.stream(modelRequest(), NEVER));
      const eventCount = whole.events.length;
      for (let stopAt = 1; stopAt < eventCount; stopAt += 1) {
        const controller = new AbortController();
        const reason = new Error(`enough at ${stopAt}`);
        kit.double.script(() => {
          // Where the last events need the end of the stream, the abort comes while waiting for it.
          setTimeout(() => controller.abort(reason), 60).unref();
          return streamOf([{ send: wire.slice(0, -1).join('') }, { hang: true }]);
        });
        let seen = 0;
        const read = async (): Promise<void> => {
          for await (const event of kit.provider.stream(modelRequest(), controller.signal)) {
            expect(event.type).not.toBe('turn-end');
            seen += 1;
            if (seen === stopAt) controller.abort(reason);
            else expect(seen).toBeLessThan(stopAt);
          }
        };
        await expect(read()).rejects.toBe(reason);
        await kit.double.requests.at(-1)?.abandoned;
      }
    });
  });
}
