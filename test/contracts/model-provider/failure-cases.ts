import { describe, expect, it } from '@jest/globals';
import { htmlReply, jsonReply } from '@synapse/test/support/replies';
import { API_KEY, type ProviderKit } from './provider-kit.ts';

/** What the provider says about its failures. */
export function failureCases(kit: ProviderKit): void {
  describe('a failure', () => {
    it.each([
      [400, 'invalid-request', false],
      [401, 'auth', false],
      [402, 'quota', false],
      [403, 'auth', false],
      [408, 'timeout', true],
      [409, 'overloaded', true],
      [413, 'context-length', false],
      [422, 'invalid-request', false],
      [429, 'rate-limit', true],
      [500, 'overloaded', true],
      [502, 'overloaded', true],
      [503, 'overloaded', true],
      [504, 'timeout', true],
      [529, 'overloaded', true],
    ])('by status %i is %s', async (status, reason, isRetryable) => {
      const error = await kit.failure(
        jsonReply(status, { error: { message: 'It went wrong.', type: 'some_error' } }),
      );
      expect(error).toMatchObject({ reason, isRetryable, status });
      expect(error.message).toContain('It went wrong.');
      expect(kit.double.requests).toHaveLength(1);
    });

    it('tells an unknown model from an unknown address', async () => {
      const unknownModel = {
        error: { message: 'model: double-1 is not here', type: 'not_found' },
      };
      expect(await kit.failure(jsonReply(404, unknownModel))).toMatchObject({
        reason: 'model-not-found',
      });
      expect(await kit.failure(htmlReply(404, '<h1>Not Found</h1>'))).toMatchObject({
        reason: 'invalid-request',
      });
    });

    it('tells a conversation that is too long from other bad requests', async () => {
      const message = 'prompt is too long: 210000 tokens > 200000 maximum';
      const error = await kit.failure(
        jsonReply(400, { error: { type: 'invalid_request_error', message } }),
      );
      expect(error).toMatchObject({ reason: 'context-length', isRetryable: false });
    });

    it('tells an account without credit from too many requests', async () => {
      const body = {
        error: { message: 'Your credit balance is too low.', type: 'billing_error' },
      };
      expect(await kit.failure(jsonReply(429, body))).toMatchObject({
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
      [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1m2s' }, 62_000],
      [{ 'retry-after': '-5' }, undefined],
      [{ 'retry-after': 'abc' }, undefined],
      [{}, undefined],
    ])('passes on how long to wait: %j', async (headers, retryAfterMs) => {
      const body = { error: { message: 'Slow down.' } };
      const error = await kit.failure(jsonReply(429, body, headers));
      expect(error.retryAfterMs).toBe(retryAfterMs);
    });

    it('never shows the key, nor the page of a gateway', async () => {
      const message = `Incorrect API key provided: ${API_KEY}.`;
      const error = await kit.failure(jsonReply(401, { error: { message } }));
      expect(`${error.message} ${String(error.stack)} ${error.hint ?? ''}`).not.toContain(API_KEY);
      expect((await kit.failure(htmlReply(502, '<html>Bad gateway</html>'))).message).not.toContain(
        '<',
      );
    });
  });
}
