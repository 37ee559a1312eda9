import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { modelRequest } from '@synapse/test/support/model-request';
import { readAnswer } from '@synapse/test/support/read-answer';
import { eventStream, jsonReply } from '@synapse/test/support/replies';
import { anthropicWire } from '@synapse/test/support/wire/anthropic-wire';
import { createAnthropicProvider } from './anthropic-provider.ts';

describe('createAnthropicProvider', () => {
  let double: ProviderDouble;

  beforeEach(async () => {
    double = await openProviderDouble();
    double.script(eventStream(...anthropicWire({ text: ['Yes.'] })));
  });
  afterEach(() => double.close());

  it('sends the key, but no other headers from the environment', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      ANTHROPIC_API_KEY: 'key-of-another',
      ANTHROPIC_AUTH_TOKEN: 'token-of-another',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
      ANTHROPIC_CUSTOM_HEADERS: 'X-Other: secret',
    });
    try {
      const { error } = await readAnswer(
        createAnthropicProvider({ name: 'mine', apiKey: 'sk-test', baseUrl: double.url }),
      );
      expect(error).toBeUndefined();
    } finally {
      process.env = before;
    }
    const [request] = double.requests;
    expect(request?.path).toBe('/v1/messages');
    expect(request?.headers['x-api-key']).toBe('sk-test');
    expect(JSON.stringify(request?.headers)).not.toMatch(/another|secret|[Bb]earer/);
  });

  it('sends only the configured headers if there is no key', async () => {
    const { error } = await readAnswer(
      createAnthropicProvider({
        name: 'mine',
        apiKey: null,
        baseUrl: double.url,
        headers: { authorization: 'Bearer gateway' },
      }),
    );
    expect(error).toBeUndefined();
    expect(double.requests[0]?.headers).toMatchObject({ authorization: 'Bearer gateway' });
    expect(double.requests[0]?.headers).not.toHaveProperty('x-api-key');
  });

  it('uses the API version that accepts a temperature if one is set', async () => {
    const provider = createAnthropicProvider({ name: 'mine', apiKey: 'k', baseUrl: double.url });
    await readAnswer(provider, modelRequest({ temperature: 0 }));
    await readAnswer(provider, modelRequest());
    const [cool, usual] = double.requests;
    expect(cool?.json()).toMatchObject({ temperature: 0 });
    expect(cool?.headers['anthropic-version']).toBe('2023-06-01');
    expect(usual?.json()).not.toHaveProperty('temperature');
    expect(usual?.headers['anthropic-version']).not.toBe('2023-06-01');
  });

  it('writes nothing to the console, even for an old model', async () => {
    const written: unknown[] = [];
    const { warn, error: complain, log } = console;
    const record = (...words: unknown[]): void => void written.push(words);
    Object.assign(console, { warn: record, error: record, log: record });
    try {
      const provider = createAnthropicProvider({ name: 'mine', apiKey: 'k', baseUrl: double.url });
      const request = { model: 'claude-3-opus-20240229' };
      await readAnswer(provider, modelRequest(request));
    } finally {
      Object.assign(console, { warn, error: complain, log });
    }
    expect(written).toEqual([]);
  });

  it('lists the models with their limits and abilities', async () => {
    const supported = { supported: true };
    double.script(
      jsonReply(200, {
        data: [
          {
            id: 'claude-a',
            display_name: 'Claude A',
            max_input_tokens: 200_000,
            max_tokens: 64_000,
            capabilities: {
              image_input: supported,
              pdf_input: supported,
              thinking: supported,
              structured_outputs: { supported: false },
            },
          },
          { id: 'claude-b' },
          { id: 'c', max_tokens: 'many', capabilities: { image_input: supported, thinking: null } },
        ],
        has_more: false,
      }),
    );
    const provider = createAnthropicProvider({ name: 'mine', apiKey: 'k', baseUrl: double.url });
    expect(await provider.listModels(new AbortController().signal)).toEqual([
      {
        id: 'claude-a',
        name: 'Claude A',
        contextTokens: 200_000,
        maxOutputTokens: 64_000,
        price: null,
        abilities: ['tools', 'images', 'files', 'reasoning'],
      },
      {
        id: 'claude-b',
        name: null,
        contextTokens: null,
        maxOutputTokens: null,
        price: null,
        abilities: ['tools'],
      },
      {
        id: 'c',
        name: null,
        contextTokens: null,
        maxOutputTokens: null,
        price: null,
        abilities: ['tools', 'images'],
      },
    ]);
  });
});
