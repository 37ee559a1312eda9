import { describe, expect, it } from '@jest/globals';
import {
  LimitReachedError,
  ProviderError,
  textOf,
  type JsonObject,
  type StreamEvent,
} from '@synapse/core';
import { turnEnd } from '@synapse/test/fakes/scripted-provider';
import { toAnthropicError } from './anthropic-error.ts';
import type { AnswerHead, AnswerWriter, ServerEvent } from './answer-writer.ts';
import { toChatDocument } from './chat/chat-document.ts';
import { ChatWriter } from './chat/chat-writer.ts';
import { readChatRequest } from './chat/read-chat-request.ts';
import { InvalidRequestError } from './client-fields.ts';
import { failureHeaders } from './failure.ts';
import { toMessagesDocument } from './messages/messages-document.ts';
import { MessagesWriter } from './messages/messages-writer.ts';
import { readMessagesRequest } from './messages/read-messages-request.ts';
import { toOpenAiError } from './openai-error.ts';
import { readResponsesRequest } from './responses/read-responses-request.ts';
import { toRepeatedFields, toResponsesDocument } from './responses/responses-document.ts';
import { ResponsesWriter } from './responses/responses-writer.ts';

const head: AnswerHead = { id: '7', model: 'acme/one', createdAt: new Date(5000) };
const png = `data:image/png;base64,${Buffer.from('picture').toString('base64')}`;
const hi = [{ role: 'user', content: 'hi' }];
const ends = (unified: 'stop' | 'tool-calls' | 'length'): StreamEvent => {
  return { ...turnEnd, finishReason: { unified, raw: null } } as StreamEvent;
};
const callEvents: StreamEvent[] = [
  { type: 'tool-call-start', id: 'a', name: 'read' },
  { type: 'tool-call-start', id: 'b', name: 'list' },
  { type: 'tool-call-delta', id: 'b', inputText: '{"b":' },
  { type: 'tool-call-delta', id: 'a', inputText: '{"a":1}' },
  { type: 'tool-call-delta', id: 'b', inputText: '2}' },
  { type: 'tool-call', id: 'a', name: 'read', input: { a: 1 } },
  { type: 'tool-call', id: 'b', name: 'list', input: { b: 2 } },
  ends('tool-calls'),
];
const calls = callEvents.filter((event) => event.type === 'tool-call');

type Fields = Record<string, unknown>;

function written(writer: AnswerWriter, events: readonly StreamEvent[]): ServerEvent[] {
  return [...events.flatMap((event) => writer.write(event)), ...writer.end()];
}

function dataOf(events: readonly ServerEvent[]): Fields[] {
  return events.flatMap(({ data }) => (data === '[DONE]' ? [] : [data as Fields]));
}

describe('a request of Chat Completions', () => {
  const read = (body: JsonObject) => readChatRequest({ model: 'm', messages: hi, ...body });

  it('has instructions in the roles system and developer, as text or as parts', () => {
    const { systemPrompt, messages } = read({
      messages: [
        { role: 'system', content: 'One.' },
        { role: 'developer', content: [{ type: 'text', text: 'Two.' }] },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
      ],
    });
    expect(systemPrompt).toBe('One.\n\nTwo.');
    expect(messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }]);
  });

  it('may have images as data URLs; Synapse fetches no address', () => {
    const content = (url: string) => [{ type: 'image_url', image_url: { url } }];
    const { messages, contents } = read({ messages: [{ role: 'user', content: content(png) }] });
    expect(messages[0]?.parts).toMatchObject([
      { type: 'image', attachment: { mediaType: 'image/png', byteLength: 7 } },
    ]);
    expect([...contents.values()].map(String)).toEqual(['picture']);
    const fetched = { messages: [{ role: 'user', content: content('http://169.254.169.254/') }] };
    expect(() => read(fetched)).toThrow('messages[0].content[0].image_url.url: must be a data URL');
  });

  it('puts results next to their calls, and keeps arguments that are no JSON object', () => {
    const made = (id: string, input: string) => ({
      ...{ id, type: 'function', function: { name: 'read', arguments: input } },
    });
    const { messages } = read({
      messages: [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: null, tool_calls: [made('a', '{"x":1}'), made('b', '[1]')] },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: 'two' }] },
      ],
    });
    expect(messages.slice(1)).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'tool-call', id: 'a', name: 'read', input: { x: 1 } },
          { type: 'tool-call', id: 'b', name: 'read', input: {}, invalidInput: '[1]' },
        ],
      },
      {
        role: 'tool',
        parts: [
          { type: 'tool-result', id: 'a', name: 'read', output: 'one', isError: false },
          { type: 'tool-result', id: 'b', name: 'read', output: 'two', isError: false },
        ],
      },
    ]);
  });

  it('reads the options, and ignores fields that it does not know', () => {
    const tool = { type: 'function', function: { name: 'read', parameters: { type: 'object' } } };
    expect(
      read({
        ...{ max_tokens: 5, max_completion_tokens: 6, temperature: 1.5, stop: 'END', seed: 3 },
        ...{ reasoning_effort: 'low', tool_choice: 'required', tools: [tool], n: 1, store: false },
        response_format: { type: 'json_schema', json_schema: { name: 'a b', schema: { a: 1 } } },
        stream: true,
        stream_options: { include_usage: true },
        tomorrow: { any: 'thing' },
      }),
    ).toMatchObject({
      ...{ maxOutputTokens: 6, temperature: 1.5, stopSequences: ['END'], effort: 'low' },
      ...{ toolChoice: 'required', isStreaming: true, includesUsage: true, isStored: false },
      outputSchema: { name: 'a_b', schema: { a: 1 } },
    });
    const choice = { type: 'function', function: { name: 'read' } };
    expect(read({ tools: [tool], tool_choice: choice }).toolChoice).toEqual({ name: 'read' });
    expect(read({ tools: [tool], tool_choice: 'none' }).tools).toEqual([]);
    expect(read({ stop: ['a', 'b'] }).stopSequences).toEqual(['a', 'b']);
    expect(read({ response_format: { type: 'json_object' } }).outputSchema).toMatchObject({
      schema: { type: 'object' },
    });
  });

  it.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['functions', { functions: [] }],
    ['messages', { messages: [] }],
    ['messages', { messages: 'hi' }],
    ['messages[0].role', { messages: [{ role: 'robot', content: '' }] }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ type: 'x' }] }] }],
    ['temperature', { temperature: 3 }],
    ['max_tokens', { max_tokens: 0 }],
    ['stream', { stream: 'yes' }],
    ['tools[0].function.name', { tools: [{ type: 'function', function: { name: 'a b' } }] }],
    ['tool_choice.function.name', { tool_choice: { function: { name: 'gone' } } }],
  ])('names the field %s that is wrong', (param, body) => {
    const error = catchError(() => read(body));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(toOpenAiError(error).body.error).toMatchObject({ param, type: 'invalid_request_error' });
  });

  it('may have more parts than a call of a function has arguments', () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'text', text: 'x' }));
    const { messages } = read({ messages: [...hi, { role: 'user', content }] });
    expect(messages[0]?.parts).toHaveLength(200_001);
  });

  it('is refused if it is nested too deeply to be stored', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`) as JsonObject;
    expect(() => read({ metadata: deep })).toThrow('nested more than 200 levels');
  });
});

describe('an answer in Chat Completions', () => {
  const stream = (events: readonly StreamEvent[], includesUsage = false) =>
    written(new ChatWriter(head, { includesUsage }), events);

  it('has its usage in a last chunk without choices, only if the client asked', () => {
    const events: StreamEvent[] = [{ type: 'text-delta', text: 'Hi' }, ends('stop')];
    const chunks = dataOf(stream(events, true));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 15 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    const without = dataOf(stream(events));
    expect(without.every((chunk) => !('usage' in chunk))).toBe(true);
    expect(without.every(({ choices }) => (choices as unknown[]).length === 1)).toBe(true);
  });

  it('ends with [DONE], once', () => {
    const all = stream([{ type: 'text-delta', text: 'Hi' }, ends('stop')], true);
    expect(all.filter(({ data }) => data === '[DONE]')).toHaveLength(1);
    expect(all.at(-1)?.data).toBe('[DONE]');
  });

  it('has an index in each piece of a call, and its id and name once', () => {
    const deltas = dataOf(stream(callEvents)).map(
      ({ choices }) => (choices as { delta: JsonObject }[])[0]?.delta ?? {},
    );
    expect(deltas[0]).toMatchObject({ role: 'assistant', content: null });
    const pieces = deltas.flatMap(({ tool_calls = [] }) => tool_calls as unknown as Fields[]);
    expect(pieces.map(({ index }) => index)).toEqual([0, 1, 1, 0, 1]);
    expect(pieces.filter(({ id }) => id !== undefined)).toMatchObject([
      { index: 0, id: 'a', function: { name: 'read' } },
      { index: 1, id: 'b', function: { name: 'list' } },
    ]);
    const last = dataOf(stream(callEvents)).at(-1);
    expect(last).toMatchObject({ choices: [{ finish_reason: 'tool_calls', delta: {} }] });
  });

  it('has the content null, not "", beside calls', () => {
    const answer = { parts: calls, turnEnd: ends('tool-calls') as never };
    expect(toChatDocument(head, answer)).toMatchObject({
      ...{ id: 'chatcmpl-7', object: 'chat.completion', created: 5, model: 'acme/one' },
      choices: [
        {
          finish_reason: 'tool_calls',
          message: { content: null, tool_calls: [{ id: 'a' }, { id: 'b' }] },
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    });
  });

  it('tells of a failure in the middle, and ends without [DONE]', () => {
    const writer = new ChatWriter(head, { includesUsage: false });
    expect(writer.fail(overloaded())).toEqual([
      { data: { error: expect.objectContaining({ type: 'server_error' }) } },
    ]);
  });
});

describe('a request of the Responses API', () => {
  const read = (body: JsonObject) => readResponsesRequest({ model: 'm', input: 'hi', ...body });

  it('has a text or items as input, and ignores tools of a server', () => {
    expect(read({}).messages).toEqual([{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }]);
    const { ignoredTools, tools } = read({
      tools: [
        { type: 'function', name: 'read', parameters: { type: 'object' } },
        { type: 'namespace', name: 'agents', tools: [] },
        { type: 'web_search' },
      ],
    });
    expect(ignoredTools).toEqual(['namespace agents', 'web_search']);
    expect(tools.map(({ name }) => name)).toEqual(['read']);
  });

  it('continues an answer or a conversation, not both', () => {
    expect(read({ previous_response_id: 'resp_1' }).previousResponse).toBe('resp_1');
    expect(read({ conversation: { id: 'conv_1' } }).conversation).toBe('conv_1');
    expect(() => read({ previous_response_id: 'resp_1', conversation: 'conv_1' })).toThrow(
      'previous_response_id: must not be given together with "conversation".',
    );
  });

  it('has instructions of its own, options, and images and results in parts', () => {
    const request = read({
      ...{ instructions: 'Be kind.', max_output_tokens: 9, reasoning: { effort: 'high' } },
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } },
      input: [
        { role: 'developer', content: 'And brief.' },
        { role: 'user', content: [{ type: 'input_image', image_url: png }] },
        { type: 'function_call', call_id: 'a', name: 'read', arguments: '{}' },
        {
          type: 'function_call_output',
          call_id: 'a',
          output: [{ type: 'input_text', text: 'done' }],
        },
        { type: 'web_search_call', id: 'ws' },
      ],
    });
    expect(request).toMatchObject({
      ...{ systemPrompt: 'Be kind.\n\nAnd brief.', maxOutputTokens: 9, effort: 'high' },
      outputSchema: { name: 'x' },
    });
    expect(request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(request.messages[2]?.parts).toMatchObject([{ name: 'read', output: 'done' }]);
  });
});

describe('an answer in the Responses API', () => {
  const stream = (events: readonly StreamEvent[]) =>
    written(new ResponsesWriter(head, toRepeatedFields({ store: false })), events);

  it('numbers its events, and opens and closes every item and part', () => {
    const events = dataOf(
      stream([
        { type: 'reasoning-delta', text: 'Hm.' },
        { type: 'reasoning-end', replay: null },
        { type: 'text-delta', text: 'Hi' },
        ...callEvents,
      ]),
    );
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
    const named = (type: string) => events.filter((event) => event.type === type);
    expect(named('response.output_item.added')).toHaveLength(4);
    expect(named('response.output_item.done')).toHaveLength(4);
    expect(named('response.content_part.done')).toHaveLength(1);
    expect(named('response.function_call_arguments.done')).toMatchObject([
      { arguments: '{"a":1}' },
      { arguments: '{"b":2}' },
    ]);
    expect(events.at(-1)).toMatchObject({
      type: 'response.completed',
      response: {
        ...{ id: 'resp_7', status: 'completed', store: false, usage: { total_tokens: 15 } },
        output: [
          { type: 'reasoning' },
          { type: 'message', content: [{ text: 'Hi' }] },
          { type: 'function_call', call_id: 'a' },
          { type: 'function_call', call_id: 'b' },
        ],
      },
    });
  });

  it('is incomplete if it was cut off, and failed if it broke off', () => {
    const cut = dataOf(stream([{ type: 'text-delta', text: 'Hi' }, ends('length')]));
    expect(cut.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' } },
    });
    const writer = new ResponsesWriter(head, {});
    expect(dataOf(writer.fail(overloaded())).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { message: 'Too busy.' } },
    });
  });

  it('is the same as a whole', () => {
    const whole = toResponsesDocument(head, toRepeatedFields({ temperature: 1 }), {
      parts: [{ type: 'text', text: 'Hi' }, ...calls],
      turnEnd: ends('stop') as never,
    });
    expect(whole).toMatchObject({
      ...{ id: 'resp_7', object: 'response', temperature: 1, tool_choice: 'auto' },
      output: [{ type: 'message' }, { type: 'function_call' }, { type: 'function_call' }],
    });
  });
});

describe('a request of the Messages API', () => {
  const read = (body: JsonObject) =>
    readMessagesRequest({ model: 'm', max_tokens: 9, messages: hi, ...body });

  it('has system blocks without the line that changes with each request', () => {
    const system = [
      { type: 'text', text: 'x-anthropic-billing-header: cch=1;' },
      { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
    ];
    expect(read({ system }).systemPrompt).toBe('Be kind.');
  });

  it('has results in the messages of the user, before what the user says', () => {
    const { messages } = read({
      messages: [
        ...hi,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'read', input: {} }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'no', is_error: true },
            { type: 'text', text: 'go on' },
          ],
        },
      ],
    });
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(messages[2]?.parts).toMatchObject([{ name: 'read', output: 'no', isError: true }]);
  });

  it('reads options, thinking as an effort, and tools of a server by name', () => {
    expect(
      read({
        ...{ stop_sequences: ['END'], thinking: { type: 'enabled', budget_tokens: 8000 } },
        tools: [
          { name: 'read', input_schema: { type: 'object' } },
          { type: 'web_search_20260101', name: 'web_search' },
        ],
        tool_choice: { type: 'any' },
      }),
    ).toMatchObject({
      ...{ maxOutputTokens: 9, stopSequences: ['END'], effort: 'medium', toolChoice: 'required' },
      ...{ tools: [{ name: 'read' }], ignoredTools: ['web_search_20260101'] },
    });
  });
});

describe('an answer in the Messages API', () => {
  it('has one block after the other, although its calls overlap', () => {
    const events = dataOf(written(new MessagesWriter(head), callEvents));
    const types = events.map(({ type, index }) => [type, index].join(' ').trim());
    expect(types).toEqual([
      ...['message_start', 'ping'],
      ...['content_block_start 0', 'content_block_delta 0', 'content_block_stop 0'],
      ...['content_block_start 1', 'content_block_delta 1', 'content_block_delta 1'],
      ...['content_block_stop 1', 'message_delta', 'message_stop'],
    ]);
    expect(events.at(-2)).toMatchObject({
      ...{ delta: { stop_reason: 'tool_use' }, usage: { input_tokens: 10, output_tokens: 5 } },
    });
  });

  it('gives signed thinking back as Anthropic signed it', () => {
    const data = { type: 'thinking', signature: 'c2ln' };
    const replay = { dialect: 'anthropic', data };
    const parts = [{ type: 'reasoning' as const, text: 'Hm.', replay }, ...calls];
    const whole = toMessagesDocument(head, { parts, turnEnd: ends('stop') as never });
    expect(whole).toMatchObject({
      ...{ id: 'msg_7', type: 'message', stop_reason: 'end_turn' },
      content: [{ type: 'thinking', signature: 'c2ln' }, { type: 'tool_use' }, { id: 'b' }],
    });
    const back = readMessagesRequest({
      messages: [{ role: 'assistant', content: whole.content ?? null }],
    });
    expect(back.messages[0]?.parts[0]).toMatchObject({ replay: { data } });
    expect(textOf(back.messages[0]?.parts ?? [])).toBe('');
  });
});

describe('an error', () => {
  it.each([
    ['overloaded', 503, 'server_error', 'overloaded_error'],
    ['rate-limit', 429, 'rate_limit_error', 'rate_limit_error'],
    ['quota', 429, 'insufficient_quota', 'billing_error'],
    ['context-length', 400, 'invalid_request_error', 'invalid_request_error'],
    ['model-not-found', 404, 'invalid_request_error', 'not_found_error'],
    // The key of Synapse, not that of the client: 401 would make the client ask for a new one.
    ['auth', 502, 'server_error', 'api_error'],
  ] as const)('of a provider, %s, has the shape of each dialect', (reason, status, one, other) => {
    const error = new ProviderError('It failed.', {
      provider: 'p',
      reason,
      status: 401,
      isRetryable: true,
    });
    expect(toOpenAiError(error)).toMatchObject({
      ...{ failure: { status }, body: { error: { type: one, param: null } } },
    });
    expect(toAnthropicError(error).body).toMatchObject({ type: 'error', error: { type: other } });
  });

  it('of a conversation that is too long has the words and the code that clients look for', () => {
    const error = new ProviderError('It failed.', {
      ...{ provider: 'p', reason: 'context-length', isRetryable: false },
    });
    expect(toOpenAiError(error).body.error.code).toBe('context_length_exceeded');
    expect(toAnthropicError(error).body.error.message).toMatch(/^prompt is too long/);
  });

  it('tells clients whether and when to ask again', () => {
    const error = new ProviderError('Wait.', {
      ...{ provider: 'p', reason: 'rate-limit', isRetryable: true, retryAfterMs: 1500 },
    });
    expect(failureHeaders(toOpenAiError(error).failure)).toEqual({
      ...{ 'x-should-retry': 'true', 'retry-after': '2' },
    });
    const limit = toOpenAiError(new LimitReachedError('Enough.')).failure;
    expect(failureHeaders(limit)).toEqual({ 'x-should-retry': 'false' });
  });
});

function overloaded(): ProviderError {
  return new ProviderError('Too busy.', {
    ...{ provider: 'p', reason: 'overloaded', isRetryable: true },
  });
}

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
