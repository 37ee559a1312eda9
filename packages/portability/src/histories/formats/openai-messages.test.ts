import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyStoredSession, storeSample } from '@synapse/test/support/arbitraries/stored-sessions';
import {
  counts,
  historyFile,
  importText,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import fc from 'fast-check';
import { exportSessions } from '../../export-sessions.ts';
import { createOpenaiFormat } from '../../openai-format.ts';
import { asRecord, listIn, textIn } from '../json-values.ts';
import { openaiMessages } from './openai-messages.ts';

const lines = (...records: unknown[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
const bring = (text: string, store?: Store) => importText('/data/train.jsonl', text, store);

const simple = {
  messages: [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ],
};

async function exported(store: Store, id: string): Promise<string> {
  let text = '';
  const sessions = [(await store.sessions.get(id))!];
  for await (const piece of exportSessions(store, sessions, { format: createOpenaiFormat() })) {
    text += piece;
  }
  return text;
}

/** The messages of the only line; texts that follow each other become one when they come back. */
function messagesIn(text: string): JsonObject[] {
  const record = text === '' ? {} : (JSON.parse(text) as JsonObject);
  return listIn(record, 'messages').map((value) => {
    const message = asRecord(value);
    if (!Array.isArray(message.content)) return message;
    const parts = message.content.map(asRecord);
    const written = parts.map((part) => textIn(part, 'text') ?? '').join('');
    const content = [written, ...parts.filter((part) => part.type !== 'text')];
    return { ...message, content };
  });
}

async function partsOf(...messages: JsonObject[]) {
  const { sessions } = await bring(
    lines({ messages: [{ role: 'user', content: 'Q' }, ...messages] }),
  );
  return sessions[0]!.messages.slice(1).map(({ parts }) => parts);
}

describe('an import of OpenAI messages', () => {
  it('brings what Synapse exports back whole', async () => {
    await fc.assert(
      fc.asyncProperty(anyStoredSession, async (sample) => {
        const store = createMemoryStore();
        const before = await exported(store, await storeSample(store, sample));
        const messages = messagesIn(before);
        if (messages.length === 0) return;
        const { sessions, receipt, store: imported } = await bring(before);
        const isEmpty = messages.every(({ role }) => role === 'system');
        expect(receipt.skipped.filter(({ isDamage }) => isDamage)).toEqual([]);
        expect(sessions).toHaveLength(isEmpty ? 0 : 1);
        if (isEmpty) return;
        expect(messagesIn(await exported(imported, sessions[0]!.session.id))).toEqual(messages);
      }),
    );
  });

  it('makes a session of each line, with its system prompt and what else the line has', async () => {
    const other = { messages: simple.messages, model: 'gpt-4o', tools: [{ type: 'function' }] };
    const { sessions, receipt } = await bring(lines(simple, other));
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(outlineOf(sessions[0]!.messages)).toEqual(['user: text Hi', 'assistant: text Hello']);
    expect(sessions[0]!.session).toMatchObject({
      systemPrompt: 'Be short.',
      origin: 'openai',
      model: null,
    });
    expect(sessions[1]!.session).toMatchObject({
      ...{ model: 'gpt-4o', metadata: { history: { tools: other.tools } } },
    });
    expect(sessions[1]!.messages[1]).toMatchObject({ model: 'gpt-4o' });
  });

  it('reads calls with their results, also those of old functions', async () => {
    const call = { id: 'c', type: 'function', function: { name: 'get', arguments: '{"a":1}' } };
    const broken = { id: 'd', type: 'function', function: { name: 'get', arguments: '{"a' } };
    const parts = await partsOf(
      { role: 'assistant', content: null, reasoning_content: 'Hm.', tool_calls: [call, broken] },
      { role: 'tool', tool_call_id: 'd', content: 'no' },
      { role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: 'yes' }] },
      { role: 'assistant', content: null, function_call: { name: 'old', arguments: '{}' } },
      { role: 'function', name: 'old', content: 'done' },
    );
    const result = { type: 'tool-result', isError: false };
    expect(parts).toEqual([
      [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'tool-call', id: 'c', name: 'get', input: { a: 1 } },
        { type: 'tool-call', id: 'd', name: 'get', input: {}, invalidInput: '{"a' },
      ],
      [
        { ...result, id: 'd', name: 'get', output: 'no' },
        { ...result, id: 'c', name: 'get', output: 'yes' },
      ],
      [{ type: 'tool-call', id: 'call_3', name: 'old', input: {} }],
      [{ ...result, id: 'call_3', name: 'old', output: 'done' }],
    ]);
  });

  it('keeps images with their bytes, and what it does not know as it is', async () => {
    const audio = { type: 'input_audio', input_audio: { data: 'AQ==', format: 'wav' } };
    const [user, answer, developer] = await partsOf(
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
          {
            type: 'file',
            file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AQ==' },
          },
          audio,
        ],
      },
      { role: 'assistant', content: 'Seen', weight: 0 },
      { role: 'developer', content: 'Go on' },
    );
    expect(user).toMatchObject([
      { type: 'text', text: 'Look' },
      { type: 'image', attachment: { mediaType: 'image/png', byteLength: 3 } },
      { type: 'file', attachment: { mediaType: 'application/pdf', name: 'a.pdf' } },
      { type: 'raw', kind: 'input_audio', data: audio },
    ]);
    expect(answer).toEqual([
      { type: 'text', text: 'Seen' },
      { type: 'raw', kind: 'message', data: { weight: 0 } },
    ]);
    expect(developer).toEqual([{ type: 'text', text: 'Go on', isInjected: true }]);
  });

  it('changes nothing at a second import, and adds only the lines that are new', async () => {
    const { store } = await bring(lines(simple, simple));
    const again = await importText('/elsewhere/train.jsonl', lines(simple, simple), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =2 m0');
    const grown = await bring(lines(simple, simple, simple), store);
    expect(counts(grown.receipt)).toBe('+1 x0 f0 =2 m2');
  });

  it('reports damaged lines and messages, and imports the rest', async () => {
    const odd = { messages: [...simple.messages, { role: 'judge', content: 'ok' }, 7] };
    const text = `${lines(simple)}{oops\n${lines({ messages: 'no' }, { messages: [] }, odd)}{"messages":[`;
    const { receipt } = await bring(text);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([
      { place: 'line 2', reason: 'is not valid JSON', isDamage: true },
      { place: 'line 3', reason: 'has no messages', isDamage: true },
      { place: 'line 4', reason: 'has no messages', isDamage: false },
      { place: 'line 5, message 4', reason: 'has no known role', isDamage: true },
      { place: 'line 5, message 5', reason: 'has no known role', isDamage: true },
      { place: 'line 6', reason: 'is cut off: the file may still be written', isDamage: false },
    ]);
  });

  it('reads on after a line with any values in place of its own', async () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const message = fc.record(
      {
        role: fc.oneof(fc.constantFrom('user', 'assistant', 'tool', 'system', 'function'), value),
        ...{
          content: value,
          tool_calls: value,
          function_call: value,
          tool_call_id: value,
          name: value,
        },
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(message, value)), value, async (messages, extra) => {
        const record = { messages: [...messages, { role: 'user', content: 'the mark' }], extra };
        const { sessions } = await bring(lines(simple, record));
        expect(outlineOf(sessions[1]!.messages).at(-1)).toBe('user: text the mark');
      }),
    );
  });

  it('recognises a first line that is longer than what is read to recognise it', async () => {
    const content = 'x'.repeat(100_000);
    const { sessions } = await bring(lines({ messages: [{ role: 'user', content }] }));
    expect(sessions[0]!.messages[0]!.parts).toEqual([{ type: 'text', text: content }]);
  });

  it.each([
    ['a message alone', { role: 'user', content: 'Hi' }],
    ['a request that holds no messages', { model: 'gpt-4o', messages: [] }],
    ['messages of another kind', { messages: [{ role: 'user', parts: [{ text: 'Hi' }] }] }],
    [
      'a header of gemini-cli',
      { sessionId: 's', messages: [{ id: 'm', type: 'user', content: 'Hi' }] },
    ],
  ])('takes no file that begins with %s', (_name, record) => {
    const text = lines(record);
    expect(openaiMessages.detects(historyFile('a.jsonl', text), text)).toBe(false);
  });
});
