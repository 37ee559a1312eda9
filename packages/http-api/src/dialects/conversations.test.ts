import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  textOf,
  type ModelProvider,
  type RequestMessage,
  type Store,
  type StreamEvent,
} from '@synapse/core';
import { MessageCollector } from '@synapse/core/conversation';
import type { OpenModel } from '@synapse/app/wiring';
import { createAnthropicProvider } from '@synapse/provider-anthropic';
import { createOpenAiProvider } from '@synapse/provider-openai';
import { createMemoryStore } from '@synapse/storage-memory';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { modelRequest } from '@synapse/test/support/model-request';
import { aSession } from '@synapse/test/support/samples';

type Script = ConstructorParameters<typeof ScriptedProvider>[number];

let bed: HttpTestbed;
let store: Store;
let model: ScriptedProvider;
let asked: (string | null)[];

beforeEach(async () => {
  store = createMemoryStore();
  asked = [];
  bed = await HttpTestbed.open({
    store,
    changeApp: (app) => ({
      ...app,
      openModel: async (choice) => {
        asked.push(choice.model);
        const setup = await app.openModel({ provider: 'demo', model: 'echo' });
        return { ...setup, provider: model } satisfies OpenModel;
      },
    }),
  });
});
afterEach(() => bed.close());

function script(...scripts: Script[]): void {
  model = new ScriptedProvider(...scripts);
}

const call: StreamEvent = { type: 'tool-call', id: 'c1', name: 'read', input: { path: 'a' } };
const calls: StreamEvent[] = [
  { type: 'tool-call-start', id: 'c1', name: 'read' },
  { type: 'tool-call-delta', id: 'c1', inputText: '{"path":"a"}' },
  call,
  { ...turnEnd, finishReason: { unified: 'tool-calls', raw: null } } as StreamEvent,
];
const answer = (said: string): StreamEvent[] => [text(said), turnEnd];
const user = (said: string): RequestMessage => ({
  role: 'user',
  parts: [{ type: 'text', text: said }],
});
const result: RequestMessage = {
  role: 'tool',
  parts: [
    { type: 'tool-result', id: 'c1', name: 'read', output: '42', isError: false, images: [] },
  ],
};
const tools = [{ name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }];

const clients: [string, () => ModelProvider][] = [
  [
    'Chat Completions',
    () =>
      createOpenAiProvider({
        ...{ name: 'c', dialect: 'chat', apiKey: bed.token, baseUrl: `${bed.url}/v1` },
      }),
  ],
  [
    'Responses',
    () =>
      createOpenAiProvider({
        ...{ name: 'c', dialect: 'responses', apiKey: bed.token, baseUrl: `${bed.url}/v1` },
      }),
  ],
  ['Messages', () => createAnthropicProvider({ name: 'c', apiKey: bed.token, baseUrl: bed.url })],
];

async function stored(sessionId: string): Promise<string[]> {
  const messages = await store.sessions.messages(sessionId, { limit: 50 });
  return messages.map(({ role, parts }) => `${role} ${textOf(parts)}`.trim());
}

async function onlySession(): Promise<string> {
  const { items } = await store.sessions.list({ limit: 10 });
  expect(items).toHaveLength(1);
  return items[0]?.id ?? '';
}

describe.each(clients)('a client of %s', (_, client) => {
  it('holds a conversation of three turns with tools, which is one session', async () => {
    script(calls, answer('It is 42.'), answer('Yes.'), calls, answer('Still 42.'));
    const history: RequestMessage[] = [];
    for (const said of ['Read a.', 'Sure?', 'Read it again.']) {
      history.push(user(said));
      for (let isCalling = true; isCalling;) {
        const collector = new MessageCollector();
        const request = modelRequest({
          ...{ model: 'acme/one', messages: history, tools, systemPrompt: 'Be kind.' },
        });
        for await (const event of client().stream(request, new AbortController().signal)) {
          collector.add(event);
        }
        const parts = collector.parts() as Extract<RequestMessage, { role: 'assistant' }>['parts'];
        history.push({ role: 'assistant', parts });
        isCalling = parts.some(({ type }) => type === 'tool-call');
        if (isCalling) history.push(result);
      }
    }
    expect(await stored(await onlySession())).toEqual([
      ...['user Read a.', 'assistant', 'tool', 'assistant It is 42.'],
      ...['user Sure?', 'assistant Yes.'],
      ...['user Read it again.', 'assistant', 'tool', 'assistant Still 42.'],
    ]);
    expect(asked).toEqual(['acme/one']);
    expect(model.requests.at(-1)).toMatchObject({
      ...{ systemPrompt: 'Be kind.', tools: [{ name: 'read' }] },
    });
    expect(model.requests.at(-1)?.messages).toHaveLength(9);
  });

  it('cancels the answer by closing the connection', async () => {
    let isAborted: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => (isAborted = resolve));
    const untilLeft = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          isAborted();
          resolve();
        });
      });
    script([text('Half'), untilLeft, turnEnd]);
    const controller = new AbortController();
    const request = modelRequest({ messages: [user('Long?')] });
    const reading = (async () => {
      for await (const { type } of client().stream(request, controller.signal)) {
        if (type === 'text-delta') controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    await aborted;
    expect((await store.sessions.list({ limit: 1 })).items).toHaveLength(1);
  });
});

describe('a reply', () => {
  const chat = (body: object) => bed.post('/v1/chat/completions', body);
  const messages = [{ role: 'user', content: 'Hi' }];

  it('names the session and the message, and reports usage', async () => {
    script(answer('Hello.'));
    const { status, headers, body } = await chat({ messages });
    expect(status).toBe(200);
    expect(headers.get('x-synapse-session-id')).toBe(await onlySession());
    const [, answered] = await store.sessions.messages(await onlySession(), { limit: 5 });
    expect(headers.get('x-synapse-message-id')).toBe(answered?.id);
    expect(body).toMatchObject({
      ...{ id: `chatcmpl-${answered?.id}`, usage: { total_tokens: 15 } },
      choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
    });
  });

  it('in Responses and Messages has their form', async () => {
    script(answer('One.'), answer('Two.'));
    const response = await bed.post('/v1/responses', { input: 'Hi' });
    expect(response.body).toMatchObject({ object: 'response', status: 'completed' });
    const body = { max_tokens: 9, messages: [{ role: 'user', content: 'Other' }] };
    const message = await bed.post('/v1/messages?beta=true', body, {
      ...{ token: null, headers: { 'x-api-key': bed.token } },
    });
    expect(message.body).toMatchObject({ type: 'message', content: [{ text: 'Two.' }] });
  });

  it('continues after a response by its id, or in a conversation', async () => {
    script(answer('One.'), answer('Two.'), answer('Three.'));
    const first = await bed.post('/v1/responses', { input: 'First' });
    const previous_response_id = first.body.id as unknown as string;
    await bed.post('/v1/responses', { input: 'Second', previous_response_id });
    const conversation = `conv_${await onlySession()}`;
    await bed.post('/v1/responses', { input: 'Third', conversation });
    expect(await stored(await onlySession())).toHaveLength(6);
    expect(model.requests.at(-1)?.messages).toHaveLength(5);
    const gone = await bed.post('/v1/responses', { input: 'x', previous_response_id: 'resp_x' });
    expect(gone.status).toBe(400);
  });

  it.each([false, true])('may be named item by item later: stream %j', async (stream) => {
    script([text('I look.'), ...calls], answer('It is 42.'), answer('Still.'));
    const question = { role: 'user', content: 'Read a.' };
    const first = await bed.post('/v1/responses', { input: [question], stream });
    const streamed = /event: response.completed\ndata: (.*)\n/.exec(first.body as never)?.[1];
    const { output } = (
      stream ? (JSON.parse(streamed!) as { response: unknown }).response : first.body
    ) as { output: { id: string; call_id?: string }[] };
    const references = output.map(({ id }) => ({ type: 'item_reference', id }));
    const result = { type: 'function_call_output', call_id: output[1]?.call_id, output: '42' };
    const input = [question, ...references, result];
    expect((await bed.post('/v1/responses', { input })).status).toBe(200);
    expect((await store.sessions.list({ limit: 9 })).items).toHaveLength(1);
    expect(model.requests[1]?.messages.map(({ role }) => role)).toEqual([
      ...['user', 'assistant', 'tool'],
    ]);
    const unknown = { type: 'item_reference', id: references[0]!.id.replace(/_0$/, '_7') };
    const { status, body } = await bed.post('/v1/responses', { input: [question, unknown] });
    expect([status, body.error?.param]).toEqual([400, 'input[1].id']);
    const sealed = { type: 'item_reference', id: 'rs_of_a_provider' };
    expect((await bed.post('/v1/responses', { input: [sealed, ...input] })).status).toBe(200);
  });

  it('is an event stream whatever the client accepts, and an error before it has a status', async () => {
    script([new Error('a secret')], answer('Hello.'));
    const headers = { accept: 'application/json' };
    const failed = await bed.post('/v1/chat/completions', { messages, stream: true }, { headers });
    expect(failed.status).toBe(500);
    expect(JSON.stringify(failed.body)).not.toContain('secret');
    const other = [{ role: 'user', content: 'Again' }];
    const streamed = await bed.post(
      '/v1/chat/completions',
      { messages: other, stream: true },
      { headers },
    );
    expect(streamed.headers.get('content-type')).toMatch('text/event-stream');
    expect(streamed.body as unknown as string).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('to a repeated request is the same, and the model is asked once', async () => {
    script(answer('Once.'), answer('Twice.'));
    const send = (retry: number) =>
      bed.post(
        '/v1/chat/completions',
        { messages },
        { headers: { 'x-stainless-retry-count': String(retry) } },
      );
    const first = await send(0);
    const again = await send(1);
    expect(again.body).toEqual(first.body);
    expect(model.requests).toHaveLength(1);
    // A person who asks the same once more wants another answer.
    expect((await send(0)).body).toMatchObject({ choices: [{ message: { content: 'Twice.' } }] });
  });

  it('to a request repeated with its key is the same, and is paid once', async () => {
    script(answer('Once.'), answer('Twice.'));
    const send = (key: string) =>
      bed.post('/v1/chat/completions', { messages }, { headers: { 'idempotency-key': key } });
    const first = await send('k1');
    expect((await send('k1')).body).toEqual(first.body);
    expect(model.requests).toHaveLength(1);
    expect((await send('k2')).body).toMatchObject({
      choices: [{ message: { content: 'Twice.' } }],
    });
  });

  it('to a request that names a wrong field names it', async () => {
    script(answer('No.'));
    const { status, body } = await chat({ messages, n: 3 });
    expect([status, body]).toMatchObject([
      400,
      { error: { param: 'n', type: 'invalid_request_error' } },
    ]);
    const message = await bed.post('/v1/messages', { messages: [] });
    expect(message.body).toMatchObject({
      ...{ type: 'error', error: { type: 'invalid_request_error' } },
    });
  });

  it('without a token has the form of the dialect', async () => {
    const { status, body } = await bed.post('/v1/messages', { messages }, { token: null });
    expect(status).toBe(401);
    expect(body).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });
});

describe('a request that asks not to be stored', () => {
  const body = { input: 'Private', store: false };

  it('is stored by default', async () => {
    script(answer('Ok.'));
    const { headers } = await bed.post('/v1/responses', body);
    expect(headers.get('x-synapse-session-id')).toBe(await onlySession());
  });

  it('leaves only its cost if the setting respects it', async () => {
    script(answer('Ok.'));
    bed.app.settings.serve.remember = 'respect';
    const { headers } = await bed.post('/v1/responses', body);
    expect(headers.has('x-synapse-session-id')).toBe(false);
    expect((await store.sessions.list({ limit: 10, trashed: 'any' })).items).toEqual([]);
    expect(await store.usage.usage({ by: 'model' })).toMatchObject([{ inputTokens: 10 }]);
  });
});

describe('/v1/models', () => {
  it('lists models of providers and aliases, and finds ids with slashes', async () => {
    bed.app.settings.aliases.quick = 'demo/echo';
    const { body } = await bed.get('/v1/models');
    expect(body.object).toBe('list');
    const ids = (body.data as unknown as { id: string }[]).map(({ id }) => id);
    expect(ids[0]).toBe('quick');
    expect(ids.slice(1).every((id) => id.includes('/'))).toBe(true);
    const [, id = ''] = ids;
    for (const path of [id, encodeURIComponent(id)]) {
      expect((await bed.get(`/v1/models/${path}`)).body).toMatchObject({ id });
    }
    for (const path of ['no/such/model', 'a%0Db%0Bc']) {
      const { status, body: refusal } = await bed.get(`/v1/models/${path}`);
      expect([status, Object.keys(refusal)]).toEqual([404, ['error']]);
    }
  });
});

describe('/v1/messages/count_tokens', () => {
  it('estimates a request without asking a model', async () => {
    script();
    const body = { messages: [{ role: 'user', content: 'How long is this?' }] };
    const { body: counted } = await bed.post('/v1/messages/count_tokens', body);
    expect(counted.input_tokens).toBeGreaterThan(3);
    expect(model.requests).toEqual([]);
  });
});

describe('/v1/conversations', () => {
  it('changes the texts of a client, and leaves what else the session has noted', async () => {
    script();
    const agent = { name: 'reviewer', tools: ['read'] };
    const { id } = await store.sessions.create(aSession({ metadata: { agent, topic: 'a' } }));
    const change = { metadata: { topic: 'b', agent: 'none' } };
    await bed.post(`/v1/conversations/conv_${id}`, change);
    expect((await store.sessions.get(id))?.metadata).toEqual({ agent, topic: 'b' });
  });
});
