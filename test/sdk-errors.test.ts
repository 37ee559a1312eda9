import { Anthropic } from '@anthropic-ai/sdk';
import { afterEach, expect, it } from '@jest/globals';
import { ProviderError, type ProviderFailure } from '@synapse/core';
import { OpenAI } from 'openai';
import { ScriptedProvider, text } from './fakes/scripted-provider.ts';
import { HttpTestbed } from './support/http-testbed.ts';

let bed: HttpTestbed;
afterEach(() => bed.close());

type Ask = (model?: string) => Promise<unknown>;

/** A server whose provider fails so, before or after its first word; one way to ask for each dialect. */
async function open(reason: ProviderFailure, said: readonly string[] = []): Promise<Ask[]> {
  const failure = new ProviderError('It failed.', {
    ...{ provider: 'p', reason, isRetryable: reason !== 'invalid-request', retryAfterMs: 7000 },
  });
  const fail = async () => {
    throw failure;
  };
  const script = [...said.map((one) => text(one)), fail];
  bed = await HttpTestbed.open({
    changeApp: (app) => ({
      ...app,
      openModel: async (choice) =>
        choice.model === 'demo/unknown'
          ? app.openModel(choice)
          : {
              ...(await app.openModel({ provider: 'demo', model: null })),
              provider: new ScriptedProvider(script, script, script),
            },
    }),
  });
  return clientsOf(bed.token);
}

function clientsOf(apiKey: string): Ask[] {
  const openai = new OpenAI({ apiKey, baseURL: `${bed.url}/v1`, maxRetries: 0 });
  const anthropic = new Anthropic({ apiKey, baseURL: bed.url, maxRetries: 0 });
  const messages = [{ role: 'user' as const, content: 'hi' }];
  return [
    (model = 'm') => openai.chat.completions.stream({ model, messages }).finalContent(),
    async (model = 'm') => {
      // The SDK returns a failed response.
      const response = await openai.responses.stream({ model, input: 'hi' }).finalResponse();
      if (response.status === 'failed') throw new Error(response.error?.message);
    },
    (model = 'm') => anthropic.messages.stream({ model, max_tokens: 9, messages }).finalMessage(),
  ];
}

async function errorsOf(asks: readonly Ask[], model?: string): Promise<unknown[]> {
  return Promise.all(
    asks.map((ask) =>
      ask(model).then(
        () => 'an answer',
        (error: unknown) => error,
      ),
    ),
  );
}

it.each<[ProviderFailure, number, string]>([
  ['invalid-request', 400, 'BadRequestError'],
  ['context-length', 400, 'BadRequestError'],
  ['model-not-found', 404, 'NotFoundError'],
  ['rate-limit', 429, 'RateLimitError'],
  ['quota', 429, 'RateLimitError'],
  ['overloaded', 503, 'InternalServerError|ServiceUnavailableError'],
  ['network', 502, 'InternalServerError|BadGatewayError'],
  ['timeout', 504, 'InternalServerError|GatewayTimeoutError'],
])('the SDKs read that a provider failed: %s', async (reason, status, name) => {
  for (const error of await errorsOf(await open(reason))) {
    expect(error).toMatchObject({ status, message: expect.stringContaining('It failed.') });
    expect(name.split('|')).toContain((error as object).constructor.name);
    const { headers } = error as { headers: Headers };
    expect(headers.get('retry-after')).toBe('7');
    expect(headers.get('x-should-retry')).toBe(String(reason !== 'invalid-request'));
  }
});

it('the SDKs read that the token or the model is unknown, and that a body is too large', async () => {
  const asks = await open('network');
  for (const error of await errorsOf(asks, 'demo/unknown')) {
    expect(error).toMatchObject({ status: 404 });
  }
  for (const error of await errorsOf(clientsOf('syn_wrong'))) {
    expect(error).toMatchObject({ status: 401 });
    expect((error as object).constructor.name).toBe('AuthenticationError');
  }
  for (const error of await errorsOf(asks, 'm'.repeat(33 << 20))) {
    expect(error).toMatchObject({ status: 413 });
  }
});

it('the SDKs read that a stream broke in the middle, and take its beginning for no answer', async () => {
  for (const error of await errorsOf(await open('network', ['half']))) {
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toContain('It failed.');
  }
});
