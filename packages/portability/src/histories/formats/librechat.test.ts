import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';
import { without } from '../json-values.ts';

const ROOT = '00000000-0000-0000-0000-000000000000';
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second)).toISOString();

function message(id: string, parent: string | null, second: number, more: JsonObject): JsonObject {
  const isAnswer = id.startsWith('a');
  return {
    ...{ messageId: id, parentMessageId: parent, conversationId: 'c1', createdAt: at(second) },
    ...{ isCreatedByUser: !isAnswer, sender: isAnswer ? 'GPT-4' : 'User', error: false },
    ...(isAnswer && { model: 'gpt-4o', endpoint: 'openAI' }),
    ...more,
  };
}

const path = [
  message('q1', ROOT, 0, { text: 'First' }),
  message('a1', 'q1', 1, { text: 'One' }),
  message('q2', 'a1', 2, { text: 'Second' }),
];
const branch = message('a2', 'q1', 3, { text: 'Other' });

function flat(messages: JsonObject[], more: JsonObject = {}): string {
  return JSON.stringify({
    ...{ conversationId: 'c1', endpoint: 'openAI', title: 'A chat', branches: true },
    ...{ recursive: false, options: { model: 'gpt-4o', promptPrefix: 'Be short.' }, ...more },
    messages,
  });
}

const nested = flat(
  [
    {
      ...path[0]!,
      children: [
        { ...path[1]!, children: [path[2]!] },
        { ...branch, children: [] },
      ],
    },
  ],
  { recursive: true },
);

const bring = (text: string) => importText('export.json', text);

async function answerParts(more: JsonObject) {
  const { sessions } = await bring(flat([path[0]!, message('a1', 'q1', 1, more)]));
  return sessions[0]!.messages.slice(1).flatMap(({ parts }) => parts);
}

describe('an export of LibreChat', () => {
  it.each([
    ['nested messages', nested],
    ['a flat tree', flat([...path, branch])],
    ['a flat tree with the newest message first', flat([path[0]!, branch, path[1]!, path[2]!])],
    ['a flat tree in any order', flat([path[2]!, branch, path[1]!, path[0]!])],
  ])('brings %s with its branches', async (_name, text) => {
    const { sessions, receipt } = await bring(text);
    expect(receipt.skipped).toEqual([]);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m5');
    const outlines = sessions.map(({ messages }) => outlineOf(messages));
    // The newest message is on the main path.
    expect(outlines).toEqual([
      ['user: text First', 'assistant: text Other'],
      ['user: text First', 'assistant: text One', 'user: text Second'],
    ]);
    expect(sessions[1]!.session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
    expect(sessions[0]!.session).toMatchObject({
      ...{ title: 'A chat', model: 'gpt-4o', provider: 'openai', systemPrompt: 'Be short.' },
      ...{ origin: 'librechat', createdAt: new Date(at(0)) },
    });
    expect(sessions[0]!.messages[1]).toMatchObject({
      ...{ model: 'gpt-4o', provider: 'openai', createdAt: new Date(at(3)) },
    });
  });

  it('brings one path whose messages name no parents', async () => {
    const messages = path.map((one) => ({ ...one, parentMessageId: null }));
    const { sessions, receipt } = await bring(flat(messages, { branches: false }));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m3');
    expect(outlineOf(sessions[0]!.messages)).toHaveLength(3);
  });

  it('keeps two messages of the same id apart', async () => {
    const twin = message('a1', 'q1', 1, { text: 'Another' });
    const { sessions } = await bring(flat([...path, twin]));
    const copies = sessions.map(({ messages }) => messages.map(({ copyOf }) => copyOf !== null));
    expect(copies).toEqual([
      [false, false, false],
      [true, false],
    ]);
  });

  it('takes a message that is in the file several times as one', async () => {
    const nameless = without(branch, 'messageId');
    const text = flat([...path, branch, branch, branch, nameless, nameless]);
    const { receipt, store } = await bring(text);
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m7');
    const again = await importText('export.json', text, store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =3 m0');
  });

  it('begins a path of its own at each message without a parent', async () => {
    const start = message('q3', null, 5, { text: 'Anew' });
    const { sessions } = await bring(flat([...path, start]));
    expect(sessions.map(({ messages }) => messages.length)).toEqual([1, 3]);
  });

  it('changes nothing at a second import in another shape, and adds what is new', async () => {
    const { store } = await bring(flat([...path, branch]));
    const again = await importText('other.json', nested, store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =2 m0');
    const more = message('a3', 'q2', 4, { text: 'Three' });
    const grown = await importText('export.json', flat([...path, branch, more]), store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =1 m1');
  });

  it('reads text, reasoning, calls with their results, and other content', async () => {
    const call = { id: 'k', name: 'search', args: '{"q":1}', output: 'found' };
    const content = [
      { type: 'think', think: 'I think.' },
      { type: 'text', text: 'I look.', tool_call_ids: ['k'] },
      { type: 'tool_call', tool_call: call },
      { type: 'tool_call', tool_call: { id: 'k2', function: { name: 'cut', arguments: 'no' } } },
      { type: 'text', text: { value: 'Found it.' } },
      { type: 'image_file', image_file: { file_id: 'f' } },
    ];
    const files = [{ file_id: 'g', filename: 'a.pdf' }];
    expect(await answerParts({ text: '', content, files })).toEqual([
      { type: 'reasoning', text: 'I think.' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'k', name: 'search', input: { q: 1 } },
      { type: 'tool-result', id: 'k', name: 'search', output: 'found', isError: false },
      { type: 'tool-call', id: 'k2', name: 'cut', input: {}, invalidInput: 'no' },
      { type: 'text', text: 'Found it.' },
      { type: 'raw', kind: 'image_file', data: content[5] },
      { type: 'raw', kind: 'file', data: files[0] },
    ]);
  });

  it('keeps an error apart from answers, the mark of a cut answer, and its estimated tokens', async () => {
    const error = '{"type":"no_user_key"}';
    expect(await answerParts({ text: error, error: true })).toEqual([
      { type: 'raw', kind: 'error', data: error },
    ]);
    const cut = message('a1', 'q1', 1, { text: 'On', unfinished: true, tokenCount: 7 });
    const { sessions } = await bring(flat([path[0]!, cut, path[2]!]));
    expect(sessions[0]!.messages[1]).toMatchObject({
      ...{ status: 'interrupted', usage: { inputTokens: 0, outputTokens: 7, estimated: true } },
    });
  });

  it('reports what is no message or conversation, and imports the rest', async () => {
    const text = `[${flat([...path, 'text' as unknown as JsonObject])},
      ${flat([]).replace('"conversationId":"c1",', '')}, ${flat([])}]`;
    const { receipt } = await bring(text);
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m3');
    expect(receipt.skipped).toEqual([
      { place: 'message 4', reason: 'is not a message', isDamage: true },
      { place: 'conversation 2', reason: 'has no id', isDamage: true },
      { place: 'conversation 3', reason: 'has no messages', isDamage: false },
    ]);
  });

  it('keeps every text of any messages, whatever ids and parents they name', async () => {
    const id = fc.constantFrom('q1', 'a1', 'a2', '__proto__', 'constructor', ROOT);
    const messages = fc.array(
      fc.record({ id, parent: fc.option(id), text: fc.constantFrom('x', 'y', 'z') }),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(messages, async (drawn) => {
        const all = drawn.map((one, index) =>
          message(one.id, one.parent, index, { text: one.text }),
        );
        const { sessions, store } = await bring(flat(all));
        const texts = new Set(sessions.flatMap((one) => outlineOf(one.messages)));
        const speaker = (one: string) => (one.startsWith('a') ? 'assistant' : 'user');
        const written = drawn.map((one) => `${speaker(one.id)}: text ${one.text}`);
        expect([...texts].sort()).toEqual([...new Set(written)].sort());
        const { receipt } = await importText('export.json', flat(all), store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0, messageCount: 0 });
      }),
    );
  });
});
