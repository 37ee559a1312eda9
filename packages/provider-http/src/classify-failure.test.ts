import { describe, expect, it } from '@jest/globals';
import { fromErrorBody } from './from-error-body.ts';

const context = { provider: 'double', secrets: [] };

describe('classifyFailure', () => {
  it.each([
    [400, { error: { code: 'context_length_exceeded', message: 'x' } }, 'context-length'],
    [
      400,
      { object: 'error', message: "This model's maximum context length is 8192 tokens." },
      'context-length',
    ],
    [
      413,
      { error: { message: 'Request too large: input exceeds the 32 MB limit' } },
      'context-length',
    ],
    [
      400,
      {
        error: { type: 'exceed_context_size_error', message: 'exceeds the available context size' },
      },
      'context-length',
    ],
    [400, { error: { message: 'Your credit balance is too low to access the API.' } }, 'quota'],
    [
      429,
      { error: { code: 'insufficient_quota', message: 'You exceeded your current quota.' } },
      'quota',
    ],
    [429, { error: { message: 'You exceeded your current quota, check your plan.' } }, 'quota'],
    [429, { error: { message: 'Rate limit reached for requests' } }, 'rate-limit'],
    [403, { error: { message: 'Not allowed' } }, 'auth'],
    [400, { error: { code: 'invalid_api_key', message: 'x' } }, 'auth'],
    [400, { error: { code: 'content_filter', message: 'x' } }, 'refused'],
    [404, { error: 'model "x" not found, try pulling it first' }, 'model-not-found'],
    [404, { error: { code: 'model_not_found', message: 'x' } }, 'model-not-found'],
    [404, 'nothing here', 'invalid-request'],
    [
      400,
      [{ error: { code: 400, message: 'Bad.', status: 'INVALID_ARGUMENT' } }],
      'invalid-request',
    ],
    [501, 'no', 'invalid-request'],
    ...[
      'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
      'messages.1.content.0: Invalid `signature` in `thinking` block',
      'messages.3.content.1: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified.',
      'The encrypted content for item rs_1 could not be verified.',
      'Corrupted thought signature.',
      "'messages.2' : property 'reasoning_content' is unsupported",
    ].map((message): [number, object, string] => [400, { error: { message } }, 'replay-refused']),
    [
      400,
      { error: { message: 'registry.ollama.ai/library/gemma:2b does not support tools' } },
      'no-tools',
    ],
    [400, { error: { message: '`tool calling` is not supported with this model' } }, 'no-tools'],
    [400, { error: { message: 'Function calling is not enabled for models/gemma-3' } }, 'no-tools'],
    [
      404,
      { error: { message: 'No endpoints found that support tool use.', code: 404 } },
      'no-tools',
    ],
    [
      400,
      { message: '"auto" tool choice requires --enable-auto-tool-choice to be set' },
      'no-tools',
    ],
    [500, { error: { message: 'tools param requires --jinja flag' } }, 'no-tools'],
    [400, { error: { message: "Unsupported parameter: 'tools' is not supported." } }, 'no-tools'],
    [
      400,
      { error: { message: "Invalid schema for function 'a': 'oneOf' is not permitted." } },
      'invalid-request',
    ],
    [400, { error: { message: 'tools.0.name: String should match pattern' } }, 'invalid-request'],
    [undefined, { error: { type: 'overloaded_error', message: 'x' } }, 'overloaded'],
    [undefined, { error: { code: 402, message: 'x' } }, 'quota'],
    [undefined, null, 'overloaded'],
  ])('classifies %s with %j as %s', (status, body, reason) => {
    expect(fromErrorBody({ body, status }, context).reason).toBe(reason);
  });

  it('treats a quota with a reset time as a rate limit', () => {
    const body = { error: { message: 'You exceeded your current quota, check your plan.' } };
    expect(fromErrorBody({ body, status: 429, retryAfterMs: 2000 }, context)).toMatchObject({
      reason: 'rate-limit',
      isRetryable: true,
      retryAfterMs: 2000,
    });
  });

  it.each([
    [404, 'check the model name and the base URL.', 'Check its base URL'],
    [401, 'it rejected the key.', 'Check where the key comes from'],
    [403, 'the key has no permission for this.', 'another model or key'],
    [402, 'it reports that the credit or quota is used up.', 'the credit of the account'],
    [413, 'the request is too large.', 'smaller files'],
    [400, 'it rejected the request.', '[providers.double]'],
    [405, 'check the base URL.', 'Check its base URL'],
    [408, 'it took too long.', 'Try again later'],
    [429, 'it limits the rate of requests.', 'Try again later'],
    [500, 'it failed.', 'Try again later'],
    [501, 'check the base URL and the dialect.', 'Check its base URL'],
    [503, 'it cannot answer at the moment.', 'Try again later'],
    [504, 'it took too long.', 'Try again later'],
  ])('names the status %s, the likely cause, and what to do', (status, cause, advice) => {
    const { message, hint } = fromErrorBody({ body: '<html>', status }, context);
    expect(message).toBe(`double returned ${status}: ${cause}`);
    expect(hint).toContain(advice);
  });

  it('shows the message of the server, on one line and bounded', () => {
    const body = { detail: `first\nsecond ${'x'.repeat(9000)}` };
    const { message } = fromErrorBody({ body, status: 422 }, context);
    expect(message).toMatch(/^double returned 422: it rejected the request: first second x/);
    expect(message.length).toBeLessThan(500);
  });
});
