import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { readAnswer } from '@synapse/test/support/read-answer';
import { eventStream, jsonReply } from '@synapse/test/support/replies';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { createOpenAiProvider } from './openai-provider.ts';

describe('createOpenAiProvider', () => {
  let double: ProviderDouble;

  beforeEach(async () => {
    double = await openProviderDouble();
    double.script(eventStream(...openAiChatWire({ text: ['Yes.'] })));
  });
  afterEach(() => double.close());

  const common = { name: 'mine', dialect: 'chat', apiKey: 'sk-test' } as const;

  it('sends the key and nothing that the environment adds', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_ORG_ID: 'org-of-another',
      OPENAI_PROJECT_ID: 'project-of-another',
      OPENAI_BASE_URL: 'http://127.0.0.1:1',
      OPENAI_CUSTOM_HEADERS: 'X-Other: secret\nAuthorization: Bearer other',
    });
    try {
      await readAnswer(createOpenAiProvider({ ...common, baseUrl: `${double.url}/v1` }));
    } finally {
      process.env = before;
    }
    const [request] = double.requests;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer sk-test');
    expect(JSON.stringify(request?.headers)).not.toMatch(/other|secret/);
  });

  it('sends no key where there is none', async () => {
    await readAnswer(createOpenAiProvider({ ...common, apiKey: null, baseUrl: double.url }));
    expect(double.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('does not repeat a key that cannot be sent', async () => {
    const apiKey = 'sk-broken\nkey-0123456789';
    const { error } = await readAnswer(
      createOpenAiProvider({ ...common, apiKey, baseUrl: double.url }),
    );
    expect(error).toMatchObject({ reason: 'invalid-request', isRetryable: false });
    expect(inspect(error)).not.toContain('0123456789');
  });

  it('adds headers and a query, as Azure wants them', async () => {
    await readAnswer(
      createOpenAiProvider({
        ...common,
        apiKey: null,
        baseUrl: `${double.url}/openai/deployments/mine`,
        headers: { 'api-key': 'azure-key' },
        query: { 'api-version': '2026-01-01' },
      }),
    );
    const [request] = double.requests;
    expect(request?.path).toBe('/openai/deployments/mine/chat/completions?api-version=2026-01-01');
    expect(request?.headers['api-key']).toBe('azure-key');
  });

  it('lists the models with what the server tells of them', async () => {
    const router = {
      id: 'maker/model',
      name: 'Model',
      context_length: 128_000,
      top_provider: { max_completion_tokens: 16_000 },
      pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125' },
    };
    double.script(
      jsonReply(200, {
        object: 'list',
        data: [
          { id: 'plain', object: 'model' },
          router,
          { id: 'any', pricing: { prompt: '-1', completion: '-1' } },
        ],
      }),
    );
    const provider = createOpenAiProvider({ ...common, baseUrl: double.url });
    expect(await provider.listModels(new AbortController().signal)).toMatchObject([
      { id: 'plain', name: null, contextTokens: null, price: null },
      {
        id: 'maker/model',
        name: 'Model',
        contextTokens: 128_000,
        maxOutputTokens: 16_000,
        price: {
          inputPerMillion: 2.5,
          outputPerMillion: 10,
          cacheReadPerMillion: 1.25,
          cacheWritePerMillion: 2.5,
        },
      },
      { id: 'any', price: null },
    ]);
  });

  it('lists what models can do, in the words of the routers that tell it', async () => {
    const data = [
      {
        id: 'routed',
        architecture: { input_modalities: ['text', 'image', 'file'] },
        supported_parameters: ['temperature', 'tools', 'reasoning', 'structured_outputs'],
      },
      { id: 'small', architecture: null, supported_parameters: ['temperature'] },
      { id: 'capable', capabilities: { function_calling: true, vision: true, completion: true } },
    ];
    double.script(jsonReply(200, { object: 'list', data }));
    const provider = createOpenAiProvider({ ...common, baseUrl: double.url });
    const models = await provider.listModels(new AbortController().signal);
    expect(models.map(({ abilities }) => abilities)).toEqual([
      ['tools', 'images', 'files', 'reasoning', 'structured-output'],
      [],
      ['tools', 'images'],
    ]);
  });

  it('needs no [DONE] and no closed connection to know that the answer is complete', async () => {
    const wire = openAiChatWire({ text: ['Yes.'] })
      .slice(0, -1)
      .join('');
    double.script({
      headers: { 'content-type': 'text/event-stream' },
      steps: [{ send: wire }, { hang: true }],
    });
    const provider = createOpenAiProvider({ ...common, baseUrl: double.url, idleTimeoutMs: 2000 });
    const { events, error } = await readAnswer(provider);
    expect(error).toBeUndefined();
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', usage: { inputTokens: 20 } });
  });
});
