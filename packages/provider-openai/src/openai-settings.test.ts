import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelRequest } from '@synapse/core';
import { PRESETS } from '@synapse/core/models';
import { modelRequest } from '@synapse/test/support/model-request';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { readAnswer } from '@synapse/test/support/read-answer';
import { eventStream, jsonReply } from '@synapse/test/support/replies';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';
import { openAiResponsesWire } from '@synapse/test/support/wire/openai-responses-wire';
import { createOpenAiProvider } from './openai-provider.ts';

describe('createOpenAiProvider', () => {
  let double: ProviderDouble;

  beforeEach(async () => {
    double = await openProviderDouble();
    double.script(eventStream(...openAiChatWire({ text: ['Yes.'] })));
  });
  afterEach(() => double.close());

  const common = { name: 'mine', dialect: 'chat', apiKey: 'sk-test' } as const;

  it('sends the key, but no other headers from the environment', async () => {
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

  it('sends no key if there is none', async () => {
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

  it('adds headers and a query, as Azure requires', async () => {
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

  it('asks a reasoning model for a summary until OpenAI refuses', async () => {
    const refusal = jsonReply(400, {
      error: {
        message: 'Your organization must be verified to generate reasoning summaries.',
        type: 'invalid_request_error',
        param: 'reasoning.summary',
        code: 'unsupported_value',
      },
    });
    const answer = eventStream(...openAiResponsesWire({ text: ['Yes.'] }));
    double.script(answer, refusal, answer, answer, answer);
    const provider = createOpenAiProvider({
      ...{ ...common, dialect: 'responses', baseUrl: double.url, reasoningSummary: 'auto' },
    });
    const models = ['gpt-4.1', 'gpt-5', 'gpt-5', 'unheard-of'];
    for (const model of models) {
      expect((await readAnswer(provider, modelRequest({ model }))).error).toBeUndefined();
    }
    const summaries = double.requests.map(
      ({ json }) => (json() as { reasoning?: unknown }).reasoning,
    );
    expect(summaries).toEqual([undefined, { summary: 'auto' }, undefined, undefined, undefined]);
  });

  it('asks any deployment for encrypted reasoning until the server refuses', async () => {
    const deployment = { ...common, dialect: 'responses', name: 'azure' } as const;
    const provider = createOpenAiProvider({ ...deployment, baseUrl: double.url });
    const answer = eventStream(...openAiResponsesWire({ text: ['Yes.'] }));
    const includes = () => double.requests.map((request) => request.json().include);
    double.script(answer);
    expect(
      (await readAnswer(provider, modelRequest({ model: 'my-deployment' }))).error,
    ).toBeUndefined();
    expect(includes()).toEqual([['reasoning.encrypted_content']]);

    const message = 'Encrypted content is not supported with this model.';
    double.script(jsonReply(400, { error: { message } }), answer);
    expect(
      (await readAnswer(provider, modelRequest({ model: 'my-plain-one' }))).error,
    ).toBeUndefined();
    await readAnswer(provider, modelRequest({ model: 'my-plain-one' }));
    await readAnswer(provider, modelRequest({ model: 'my-deployment' }));
    const sealed = ['reasoning.encrypted_content'];
    expect(includes().slice(1)).toEqual([sealed, undefined, undefined, sealed]);
  });

  it('sends the effort of a request to a model that knows it, and to no other', async () => {
    const openai = { ...common, dialect: 'responses', name: 'openai' } as const;
    double.script(eventStream(...openAiResponsesWire({ text: ['Yes.'] })));
    const provider = createOpenAiProvider({ ...openai, baseUrl: double.url });
    for (const model of ['gpt-6-sol', 'gpt-4o', 'unheard-of']) {
      await readAnswer(provider, modelRequest({ model, effort: 'low' }));
    }
    const efforts = double.requests.map((request) => request.json().reasoning);
    expect(efforts).toEqual([{ effort: 'low' }, undefined, undefined]);
  });

  it('does not ask a model without reasoning for reasoning', async () => {
    const openai = { ...common, dialect: 'responses', name: 'openai' } as const;
    double.script(eventStream(...openAiResponsesWire({ text: ['Yes.'] })));
    const provider = createOpenAiProvider({ ...openai, baseUrl: double.url });
    await readAnswer(provider, modelRequest({ model: 'gpt-4o' }));
    await readAnswer(provider, modelRequest({ model: 'gpt-6-sol' }));
    expect(double.requests.map((request) => 'include' in request.json())).toEqual([false, true]);
  });

  it('adds reasoning to calls of other models once the server requires it, as Kimi does', async () => {
    const messages: ModelRequest['messages'] = [
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name: 'a', input: {} }] },
      {
        role: 'tool',
        parts: [
          { type: 'tool-result', id: 'c1', name: 'a', output: 'x', isError: false, images: [] },
        ],
      },
    ];
    const message =
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1';
    double.script(
      jsonReply(400, { error: { message, type: 'invalid_request_error' } }),
      eventStream(...openAiChatWire({ text: ['Yes.'] })),
    );
    const provider = createOpenAiProvider({ ...common, baseUrl: double.url });
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await readAnswer(provider, modelRequest({ messages }))).error).toBeUndefined();
    }
    const sent = double.requests.map(
      (request) => (request.json().messages as { reasoning_content?: string }[])[1],
    );
    expect(sent.map((answer) => answer?.reasoning_content)).toEqual([undefined, ' ', ' ']);
  });

  it('adapts calls of other models once the server rejects them', async () => {
    const call = (id: string) => ({ type: 'tool-call' as const, id, name: 'a', input: {} });
    const result = (id: string) => ({
      ...{ type: 'tool-result' as const, id, name: 'a', output: `of ${id}` },
      ...{ isError: false, images: [] },
    });
    const messages: ModelRequest['messages'] = [
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', parts: [call('c1'), call('c2')] },
      { role: 'tool', parts: [result('c1'), result('c2')] },
    ];
    const signature = { google: { thought_signature: 'skip_thought_signature_validator' } };
    const behind = (...own: unknown[]) => [{ role: 'user', content: 'a' }, ...own];
    const sent = (id: string, more = {}) => expect.objectContaining({ id, ...more });
    const answers = (...tool_calls: unknown[]) =>
      expect.objectContaining({ role: 'assistant', tool_calls });
    const told = (id: string) => ({ role: 'tool', tool_call_id: id, content: `of ${id}` });
    const unsigned = expect.not.objectContaining({ extra_content: expect.anything() });
    const cases = [
      {
        status: 500,
        message: 'Jinja Exception: This model only supports single tool-calls at once!',
        wanted: behind(answers(sent('c1')), told('c1'), answers(sent('c2')), told('c2')),
      },
      {
        status: 400,
        message: 'Function call is missing a thought_signature in functionCall parts.',
        wanted: behind(
          answers(sent('c1', { extra_content: signature }), unsigned),
          ...[told('c1'), told('c2')],
        ),
      },
    ];
    for (const { status, message, wanted } of cases) {
      double.requests.length = 0;
      double.script(
        jsonReply(status, { error: { message } }),
        eventStream(...openAiChatWire({ text: ['Yes.'] })),
      );
      const provider = createOpenAiProvider({ ...common, baseUrl: double.url });
      for (let turn = 0; turn < 2; turn += 1) {
        expect((await readAnswer(provider, modelRequest({ messages }))).error).toBeUndefined();
      }
      const [first, ...others] = double.requests.map((request) => request.json().messages);
      expect(first).toEqual(behind(answers(sent('c1'), sent('c2')), told('c1'), told('c2')));
      expect(others).toEqual([wanted, wanted]);
    }
  });

  it.each([
    [
      "'response_format.type' : value is not one of the allowed values ['text','json_object']",
      { type: 'json_object' },
    ],
    ['This model does not support response format `json_schema`.', undefined],
  ])('requests JSON in another way if a schema is rejected: %s', async (message, format) => {
    const schema = { type: 'object', properties: { age: { type: 'integer' } } };
    double.script(
      jsonReply(400, { error: { message, type: 'invalid_request_error' } }),
      eventStream(...openAiChatWire({ text: ['{}'] })),
    );
    const provider = createOpenAiProvider({ ...common, baseUrl: double.url });
    const request = modelRequest({ outputSchema: { name: 'answer', schema } });
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await readAnswer(provider, request)).error).toBeUndefined();
    }
    const [first, ...others] = double.requests.map((sent) => sent.json());
    expect(first).toMatchObject({ response_format: { type: 'json_schema' } });
    expect(others.map(({ response_format }) => response_format)).toEqual([format, format]);
    for (const { messages } of others) expect(JSON.stringify(messages)).toContain('integer');
  });

  it('does not repeat a request that is rejected again', async () => {
    const message = 'Encrypted content is not supported with this model.';
    double.script(jsonReply(400, { error: { message } }));
    const provider = createOpenAiProvider({ ...common, dialect: 'responses', baseUrl: double.url });
    expect((await readAnswer(provider)).error).toMatchObject({ reason: 'invalid-request' });
    expect(double.requests).toHaveLength(2);
  });

  it('lists the models with the facts that the server reports', async () => {
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

  it('uses the cost that OpenRouter reports, but no other server', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.0125 };
    const chunk = { choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] };
    const { quirks } = PRESETS.find(({ name }) => name === 'openrouter') ?? {};
    const costWith = async (given: typeof quirks) => {
      const data = [chunk, { choices: [], usage }].map((one) => `data: ${JSON.stringify(one)}\n\n`);
      double.script(eventStream(...data, 'data: [DONE]\n\n'));
      const options = { ...common, dialect: 'chat' as const, baseUrl: double.url };
      const provider = createOpenAiProvider({ ...options, ...(given && { quirks: given }) });
      const end = (await readAnswer(provider)).events.at(-1);
      return end?.type === 'turn-end' ? end.costNanoUsd : null;
    };
    expect(await costWith(quirks)).toBe(12_500_000);
    expect(await costWith({})).toBeUndefined();
  });

  it('maps the abilities that routers report', async () => {
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
