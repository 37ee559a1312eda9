import { describe, expect, it } from '@jest/globals';
import type { JsonObject, ReasoningPart, RequestMessage } from '@synapse/core';
import { toRequestMessages, type StoredMessage } from '@synapse/core/conversation';
import { COMPATIBLE_QUIRKS, type ServerQuirks } from '@synapse/core/models';
import fc from 'fast-check';
import { arbitraryMessages } from '@synapse/test/support/arbitrary-request';
import { toChatMessages } from './to-chat-messages.ts';

interface Message {
  role: string;
  content: unknown;
  tool_call_id?: string;
  tool_calls?: { id: string; function: { arguments: string } }[];
  reasoning_content?: string;
}

const user = (text: string): RequestMessage => ({ role: 'user', parts: [{ type: 'text', text }] });
const attachment = { sha256: 'ab', mediaType: 'image/png', name: 'a.png', byteLength: 2 };
const bytes = Buffer.from('hi');

function messagesOf(
  messages: readonly RequestMessage[],
  quirks: Partial<ServerQuirks> = {},
): Message[] {
  return toChatMessages(messages, { ...COMPATIBLE_QUIRKS, ...quirks }) as Message[];
}

describe('toChatMessages', () => {
  it('sends images and files in the form that the server accepts', () => {
    const pdf = { ...attachment, mediaType: 'application/pdf', name: null };
    const message: RequestMessage = {
      role: 'user',
      parts: [
        { type: 'image', attachment, bytes },
        { type: 'file', attachment: pdf, bytes },
        { type: 'file', attachment: { ...attachment, mediaType: 'text/plain' }, bytes },
      ],
    };
    expect(messagesOf([message], { supportsFiles: true })[0]?.content).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
      {
        type: 'file',
        file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,aGk=' },
      },
      { type: 'text', text: 'File a.png:\n\nhi' },
    ]);
    expect(messagesOf([message])[0]?.content).toMatchObject([
      {},
      { text: '[attachment without a name (application/pdf, 2 bytes) is not shown]' },
      {},
    ]);
  });

  it('creates ids that the server accepts, the same for a call and its result', () => {
    const [, answer, result] = messagesOf(
      [
        user('a'),
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', id: 'toolu_0123456789', name: 'a', input: {} }],
        },
        {
          role: 'tool',
          parts: [
            {
              type: 'tool-result',
              id: 'toolu_0123456789',
              name: 'a',
              output: 'x',
              isError: false,
              images: [],
            },
          ],
        },
      ],
      { toolCallIdPattern: /^[a-zA-Z0-9]{9}$/, toolCallIdLength: 9 },
    );
    expect(answer?.tool_calls?.[0]?.id).toMatch(/^[a-zA-Z0-9]{9}$/);
    expect(result?.tool_call_id).toBe(answer?.tool_calls?.[0]?.id);
  });

  it('sends images of results after them, with an answer in between if needed', () => {
    const conversation: RequestMessage[] = [
      user('a'),
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name: 'a', input: {} }] },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            id: 'c1',
            name: 'a',
            output: 'x',
            isError: false,
            images: [{ type: 'image', attachment, bytes }],
          },
        ],
      },
      user('b'),
    ];
    const roles = (quirks: Partial<ServerQuirks>) =>
      messagesOf(conversation, quirks).map(({ role }) => role);
    expect(roles({})).toEqual(['user', 'assistant', 'tool', 'user']);
    expect(roles({ needsAnswerAfterTool: true })).toEqual([
      'user',
      'assistant',
      'tool',
      'assistant',
      'user',
    ]);
  });

  it('returns extra fields of a message and its calls unchanged', () => {
    const added = (fields: JsonObject) => ({
      dialect: 'openai-chat',
      data: { type: 'fields', fields },
    });
    const signed = { extra_content: { google: { thought_signature: 'c2lnbmVk' } } };
    const conversation: RequestMessage[] = [
      user('a'),
      {
        role: 'assistant',
        parts: [
          {
            ...{ type: 'reasoning', text: 'Hm.' },
            replay: { dialect: 'openai-chat', data: { type: 'reasoning', field: 'reasoning' } },
          },
          { type: 'reasoning', text: 'Of another.', replay: { dialect: 'anthropic', data: {} } },
          { type: 'text', text: 'b', replay: added({ extra_content: 1, role: 'system' }) },
          { type: 'tool-call', id: 'c1', name: 'a', input: {}, replay: added(signed) },
          { type: 'tool-call', id: 'c2', name: 'a', input: {} },
        ],
      },
    ];
    const call = (id: string) => ({
      id,
      type: 'function',
      function: { name: 'a', arguments: '{}' },
    });
    expect(messagesOf(conversation)[1]).toEqual({
      role: 'assistant',
      content: 'b',
      extra_content: 1,
      reasoning: 'Hm.',
      tool_calls: [{ ...call('c1'), ...signed }, call('c2')],
    });
  });

  it('adds reasoning to each call if the server has sent some, as Kimi requires', () => {
    const called = (id: string, ...before: ReasoningPart[]): RequestMessage[] => [
      {
        role: 'assistant',
        parts: [...before, { type: 'tool-call', id, name: 'a', input: {} }],
      },
      {
        role: 'tool',
        parts: [{ type: 'tool-result', id, name: 'a', output: 'x', isError: false, images: [] }],
      },
    ];
    const data = { type: 'reasoning', field: 'reasoning_content' };
    const replay = { dialect: 'openai-chat', data };
    const own = called('c2', { type: 'reasoning', text: 'Hm.', replay });
    const answers = (messages: RequestMessage[]) =>
      messagesOf(messages).filter(({ role }) => role === 'assistant');
    expect(answers([user('a'), ...called('c1'), ...own])).toMatchObject([
      { reasoning_content: ' ' },
      { reasoning_content: 'Hm.' },
    ]);
    expect(answers([user('a'), ...called('c1')])[0]).not.toHaveProperty('reasoning_content');
    const [, answer] = messagesOf([user('a'), ...called('c1')], { needsReasoning: true });
    expect(answer).toMatchObject({ reasoning_content: ' ' });
  });

  it('returns details of reasoning unchanged', () => {
    const details = [
      { type: 'reasoning.text', text: 'Hm.', signature: 'c2lnbmVk', index: 0 },
      { type: 'reasoning.encrypted', data: 'c2VhbGVk', id: 'c1', index: 1 },
    ];
    const data = { type: 'details', details: [...details, 'torn', {}] };
    const conversation: RequestMessage[] = [
      user('a'),
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.', replay: { dialect: 'openai-chat', data } },
          { type: 'reasoning', text: 'Of another.' },
          { type: 'tool-call', id: 'c1', name: 'a', input: {} },
        ],
      },
    ];
    const [, replayed] = messagesOf(conversation);
    expect(replayed).toMatchObject({ reasoning_details: details });
    expect(replayed).not.toHaveProperty('reasoning');
  });

  it('returns details of reasoning only to the model that sent them', async () => {
    const data = { type: 'details', details: [{ type: 'reasoning.encrypted', data: 'c2VhbGVk' }] };
    const stored: StoredMessage[] = [
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      {
        role: 'assistant',
        provider: 'openrouter',
        model: 'maker/wise-5',
        parts: [
          { type: 'reasoning', text: '', replay: { dialect: 'openai-chat', data } },
          { type: 'text', text: 'b' },
        ],
      },
    ];
    const sentTo = async (provider: string, model: string) => {
      const nothing = { get: async () => undefined };
      const messages = await toRequestMessages(stored, nothing, { provider, model });
      return JSON.stringify(messagesOf(messages)).includes('c2VhbGVk');
    };
    expect(await sentTo('openrouter', 'maker/wise-5')).toBe(true);
    expect(await sentTo('openrouter', 'maker/quick-5')).toBe(false);
    expect(await sentTo('another', 'maker/wise-5')).toBe(false);
  });

  it('builds a request that strict servers accept from any conversation', () => {
    fc.assert(
      fc.property(arbitraryMessages, fc.boolean(), (messages, isMistral) => {
        const quirks = isMistral
          ? {
              toolCallIdPattern: /^[a-zA-Z0-9]{9}$/,
              toolCallIdLength: 9,
              needsAnswerAfterTool: true,
            }
          : {};
        expect(violations(messagesOf(messages, quirks), isMistral)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** The rules that a conversation may break. */
function violations(messages: readonly Message[], isMistral: boolean): string[] {
  const found: string[] = [];
  let open: string[] = [];
  let previous = '';
  for (const message of messages) {
    const { role, content, tool_calls, tool_call_id = '' } = message;
    if (role === 'tool') {
      if (open.shift() !== tool_call_id) found.push('a result without its call');
    } else if (open.length > 0) {
      found.push('a call without its result');
    }
    if (role === 'user' && previous === 'user') found.push('two questions');
    if (role === 'user' && previous === 'tool' && isMistral)
      found.push('a question behind a result');
    if (role === 'assistant') {
      open = tool_calls?.map(({ id }) => id) ?? [];
      if ((content === null || content === '') && open.length === 0) found.push('an empty answer');
      if (open.some((id) => !/^[\w-]{1,40}$/.test(id))) found.push('a bad id');
      for (const call of tool_calls ?? []) JSON.parse(call.function.arguments);
    }
    previous = role;
  }
  return open.length > 0 ? [...found, 'a call without its result'] : found;
}
