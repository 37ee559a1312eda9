import { Anthropic } from '@anthropic-ai/sdk';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { textOf, type StreamEvent } from '@synapse/core';
import { OpenAI } from 'openai';
import { ScriptedProvider, text, turnEnd } from './fakes/scripted-provider.ts';
import { HttpTestbed } from './support/http-testbed.ts';

const answer = (said: string): StreamEvent[] => [text(said), turnEnd];
const calls: StreamEvent[] = [
  { type: 'tool-call-start', id: 'c1', name: 'read' },
  { type: 'tool-call-delta', id: 'c1', inputText: '{"path":"a"}' },
  { type: 'tool-call', id: 'c1', name: 'read', input: { path: 'a' } },
  { ...turnEnd, finishReason: { unified: 'tool-calls', raw: null } } as StreamEvent,
];
const parameters = { type: 'object' as const, properties: { path: { type: 'string' } } };
const questions = ['Read a.', 'Sure?', 'Read it again.'];
const conversation = [
  ...['user Read a.', 'assistant', 'tool', 'assistant It is 42.'],
  ...['user Sure?', 'assistant Yes.'],
  ...['user Read it again.', 'assistant', 'tool', 'assistant Still 42.'],
];

let bed: HttpTestbed;
beforeEach(async () => {
  const provider = new ScriptedProvider(
    ...[calls, answer('It is 42.'), answer('Yes.'), calls, answer('Still 42.')],
  );
  bed = await HttpTestbed.open({
    changeApp: (app) => ({
      ...app,
      openModel: async () => ({
        ...(await app.openModel({ provider: 'demo', model: 'echo' })),
        provider,
      }),
    }),
  });
});
afterEach(() => bed.close());

async function storedConversation(): Promise<string[]> {
  const { items } = await bed.store.sessions.list({ limit: 10 });
  expect(items).toHaveLength(1);
  const messages = await bed.store.sessions.messages(items[0]?.id ?? '', { limit: 50 });
  return messages.map(({ role, parts }) => `${role} ${textOf(parts)}`.trim());
}

it('the SDK of OpenAI holds a conversation of three turns with tools by Chat Completions', async () => {
  const client = new OpenAI({ apiKey: bed.token, baseURL: `${bed.url}/v1` });
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  for (const content of questions) {
    messages.push({ role: 'user', content });
    for (let isCalling = true; isCalling;) {
      const stream = client.chat.completions.stream({
        ...{ model: 'acme/one', messages },
        tools: [{ type: 'function', function: { name: 'read', parameters } }],
      });
      const { choices } = await stream.finalChatCompletion();
      const message = choices[0]!.message;
      messages.push(message);
      isCalling = choices[0]!.finish_reason === 'tool_calls';
      for (const { id } of message.tool_calls ?? []) {
        messages.push({ role: 'tool', tool_call_id: id, content: '42' });
      }
    }
  }
  expect(await storedConversation()).toEqual(conversation);
});

it('the SDK of OpenAI holds it by Responses, and sends only what is new', async () => {
  const client = new OpenAI({ apiKey: bed.token, baseURL: `${bed.url}/v1` });
  let previous_response_id: string | null = null;
  for (const content of questions) {
    let input: OpenAI.Responses.ResponseInput = [{ role: 'user', content }];
    for (let isCalling = true; isCalling;) {
      const response: OpenAI.Responses.Response = await client.responses
        .stream({
          ...{ model: 'acme/one', input, previous_response_id },
          tools: [{ type: 'function', name: 'read', parameters, strict: false }],
        })
        .finalResponse();
      previous_response_id = response.id;
      const made = response.output.filter((item) => item.type === 'function_call');
      isCalling = made.length > 0;
      input = made.map(({ call_id }) => ({
        ...{ type: 'function_call_output', call_id, output: '42' },
      }));
    }
  }
  expect(await storedConversation()).toEqual(conversation);
});

it('the SDK of Anthropic holds it by Messages', async () => {
  const client = new Anthropic({ apiKey: bed.token, baseURL: bed.url });
  const messages: Anthropic.MessageParam[] = [];
  for (const content of questions) {
    messages.push({ role: 'user', content });
    for (let isCalling = true; isCalling;) {
      const stream = client.messages.stream({
        ...{ model: 'acme/one', max_tokens: 100, messages },
        tools: [{ name: 'read', input_schema: parameters }],
      });
      const message = await stream.finalMessage();
      messages.push({ role: 'assistant', content: message.content });
      isCalling = message.stop_reason === 'tool_use';
      const made = message.content.filter((block) => block.type === 'tool_use');
      const results = made.map(({ id }) => ({
        ...{ type: 'tool_result' as const, tool_use_id: id, content: '42' },
      }));
      if (isCalling) messages.push({ role: 'user', content: results });
    }
  }
  expect(await storedConversation()).toEqual(conversation);
});

it('the SDK of OpenAI holds it in a conversation of the server, and reads its items', async () => {
  const client = new OpenAI({ apiKey: bed.token, baseURL: `${bed.url}/v1` });
  const { id } = await client.conversations.create({ metadata: { topic: 'a' } });
  for (const content of questions) {
    let input: OpenAI.Responses.ResponseInput = [{ role: 'user', content }];
    while (input.length > 0) {
      const { output, conversation: named } = await client.responses.create({
        ...{ model: 'acme/one', input, conversation: id },
        tools: [{ type: 'function', name: 'read', parameters, strict: false }],
      });
      expect(named).toEqual({ id });
      const made = output.filter((item) => item.type === 'function_call');
      input = made.map(({ call_id }) => ({
        ...{ type: 'function_call_output', call_id, output: '42' },
      }));
    }
  }
  expect(await storedConversation()).toEqual(conversation);
  const types: string[] = [];
  // The SDK asks for further pages by the id of the last item.
  for await (const item of client.conversations.items.list(id, { limit: 3, order: 'asc' })) {
    types.push(item.type);
  }
  const round = ['message', 'function_call', 'function_call_output', 'message'];
  expect(types).toEqual([...round, 'message', 'message', ...round]);
  const newest = await client.conversations.items.list(id, { limit: 1 });
  expect(newest.data).toMatchObject([{ content: [{ text: 'Still 42.' }] }]);
  expect((await client.conversations.retrieve(id)).metadata).toEqual({ topic: 'a' });
  const added = [{ type: 'message' as const, role: 'user' as const, content: 'Later.' }];
  expect((await client.conversations.items.create(id, { items: added })).data).toHaveLength(1);
  await client.conversations.delete(id);
  await expect(client.conversations.retrieve(id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});

it('the SDKs read the errors of Synapse', async () => {
  const openai = new OpenAI({ apiKey: 'syn_wrong', baseURL: `${bed.url}/v1` });
  await expect(openai.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  const anthropic = new Anthropic({ apiKey: bed.token, baseURL: bed.url });
  const empty = anthropic.messages.create({ model: 'm', max_tokens: 1, messages: [] });
  await expect(empty).rejects.toBeInstanceOf(Anthropic.BadRequestError);
});
