import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import {
  counts,
  fileOnDisk,
  importFile,
  importText,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import fc from 'fast-check';

const START = 1_772_000_000;

function chatOf(
  id: string,
  messages: JsonObject[],
  currentId = messages.at(-1)?.id ?? null,
): JsonObject {
  const history = {
    messages: Object.fromEntries(messages.map((one) => [one.id as string, one])),
    currentId,
  };
  const chat = { title: 'A chat', models: ['gpt-4o'], params: { system: 'Be short.' }, history };
  const about = { created_at: START, archived: true, pinned: false, folder_id: 'f1' };
  return { id, title: 'A chat', chat, ...about, meta: { tags: ['work'] } };
}

function message(id: string, parentId: string | null, role: string, more: JsonObject): JsonObject {
  const answer = role === 'assistant' ? { model: 'gpt-4o', done: true } : {};
  return { id, parentId, childrenIds: [], role, timestamp: START + 5, ...answer, ...more };
}

const bring = (...chats: JsonObject[]) => importText('export.json', JSON.stringify(chats));

async function partsOf(more: JsonObject) {
  const { sessions } = await bring(
    chatOf('c', [
      message('q', null, 'user', { content: 'Q' }),
      message('a', 'q', 'assistant', more),
    ]),
  );
  return sessions[0]!.messages.slice(1).flatMap(({ parts }) => parts);
}

const linear = [
  message('q1', null, 'user', { content: 'First' }),
  message('a1', 'q1', 'assistant', { content: 'One' }),
];

describe('an export of Open WebUI', () => {
  it('brings a chat with its title, model, system prompt, times and tags', async () => {
    const { sessions, receipt } = await bring(chatOf('c1', linear));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
    const [{ session, messages }] = sessions as [(typeof sessions)[0]];
    expect(outlineOf(messages)).toEqual(['user: text First', 'assistant: text One']);
    expect(session).toMatchObject({
      ...{ title: 'A chat', model: 'gpt-4o', systemPrompt: 'Be short.', archived: true },
      ...{ origin: 'open-webui', createdAt: new Date(START * 1000) },
      metadata: { history: { id: 'c1', folderId: 'f1', meta: { tags: ['work'] } } },
    });
    expect(messages[1]).toMatchObject({
      ...{ model: 'gpt-4o', createdAt: new Date((START + 5) * 1000) },
    });
  });

  it('makes a fork of each branch, and the main session of the current one', async () => {
    const other = message('b1', 'q1', 'assistant', { content: 'Other' });
    const { sessions, receipt } = await bring(chatOf('c1', [...linear, other], 'a1'));
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(sessions.map(({ messages }) => outlineOf(messages)[1])).toEqual([
      'assistant: text One',
      'assistant: text Other',
    ]);
    expect(sessions[1]!.session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
  });

  it('changes nothing at a second import, and adds only what is new in a third', async () => {
    const first = await bring(chatOf('c1', linear));
    const path = 'moved/other.json';
    const again = await importText(path, JSON.stringify([chatOf('c1', linear)]), first.store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
    const longer = [...linear, message('q2', 'a1', 'user', { content: 'Second' })];
    const grown = [chatOf('c1', longer), chatOf('c2', linear)];
    const third = await importText(path, JSON.stringify(grown), first.store);
    expect(counts(third.receipt)).toBe('+1 x1 f0 =0 m3');
  });

  it('reads reasoning, calls, results and text of output items', async () => {
    const output = [
      { type: 'reasoning', content: [{ type: 'output_text', text: 'I think.' }], summary: null },
      { type: 'function_call', call_id: 'k', name: 'weather', arguments: '{"city":"Oslo"}' },
      {
        type: 'function_call_output',
        call_id: 'k',
        output: [{ type: 'input_text', text: '9 °C' }],
      },
      { type: 'message', content: [{ type: 'output_text', text: 'It is cold.' }] },
      { type: 'open_webui:code_interpreter', code: 'x', lang: 'python', output: { stdout: '1' } },
      { type: 'future', value: 1 },
    ];
    const usage = {
      prompt_tokens: 9,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 2 },
    };
    const content = '<details type="reasoning"><summary>s</summary>&gt; I</details>It is  cold.';
    const { sessions } = await bring(
      chatOf('c', [
        message('q', null, 'user', { content: 'Q' }),
        message('a', 'q', 'assistant', { content, output, usage }),
      ]),
    );
    const messages = sessions[0]!.messages;
    expect(outlineOf(messages)).toEqual([
      'user: text Q',
      'assistant: reasoning tool-call',
      'tool: tool-result',
      'assistant: text tool-call It is cold.',
      'tool: tool-result',
      'assistant: raw',
    ]);
    expect(messages.flatMap(({ parts }) => parts)).toMatchObject([
      {},
      { text: 'I think.' },
      { id: 'k', name: 'weather', input: { city: 'Oslo' } },
      { id: 'k', name: 'weather', output: '9 °C' },
      {},
      { name: 'code_interpreter', input: { code: 'x', language: 'python' } },
      { output: '{"stdout":"1"}' },
      { kind: 'future', data: { type: 'future', value: 1 } },
    ]);
    const withUsage = messages.filter((one) => one.usage !== null);
    expect(withUsage.map((one) => one.usage)).toMatchObject([
      { inputTokens: 9, outputTokens: 4, cacheReadTokens: 2 },
    ]);
  });

  it('reads reasoning, calls, results and code of the HTML in a text', async () => {
    const content = [
      '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n&gt; 2 &lt; 3\n&gt; so\n</details>',
      'I look.',
      '<details type="tool_calls" done="true" id="k1" name="get" arguments="&quot;{\\&quot;a\\&quot;:1}&quot;" result="&quot;It&#x27;s \\n ok&quot;" files="" embeds="">\n<summary>Tool Executed</summary>\n</details>',
      '<details type="tool_calls" done="true" id="k2" name="set" arguments="{&quot;b&quot;:2}">\n<summary>Tool Executed</summary>\n&quot;done&quot;\n</details>',
      '<details type="tool_calls" done="false" id="k3" name="cut" arguments="">\n<summary>Executing...</summary>\n</details>',
      '<details type="code_interpreter" done="true" output="{&quot;stdout&quot;:&quot;1&quot;}">\n<summary>Analyzed</summary>\n```python\nprint(1)\n```\n</details>',
      'Ready. <details><summary>More</summary>of the model</details>',
    ].join('\n');
    expect(await partsOf({ content })).toEqual([
      { type: 'reasoning', text: '2 < 3\nso' },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', id: 'k1', name: 'get', input: { a: 1 } },
      { type: 'tool-result', id: 'k1', name: 'get', output: "It's \n ok", isError: false },
      { type: 'tool-call', id: 'k2', name: 'set', input: { b: 2 } },
      { type: 'tool-result', id: 'k2', name: 'set', output: 'done', isError: false },
      { type: 'tool-call', id: 'k3', name: 'cut', input: {} },
      expect.objectContaining({
        ...{ type: 'tool-call', name: 'code_interpreter' },
        input: { code: 'print(1)', language: 'python' },
      }),
      expect.objectContaining({ type: 'tool-result', output: '{"stdout":"1"}' }),
      { type: 'text', text: 'Ready. <details><summary>More</summary>of the model</details>' },
    ]);
  });

  it('prefers a text that the user has edited to the items of the answer', async () => {
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'Old' }] }];
    expect(await partsOf({ content: 'Edited', output })).toEqual([
      { type: 'text', text: 'Edited' },
    ]);
    expect(await partsOf({ content: '', output })).toEqual([{ type: 'text', text: 'Old' }]);
  });

  it('keeps images with their bytes, documents with their text, and the rest as it is', async () => {
    const files = [
      { type: 'image', url: 'data:image/png;base64,AQID' },
      { type: 'file', name: 'a.pdf', file: { data: { content: 'text of it' } } },
      { type: 'collection', id: 'k' },
    ];
    const { sessions, store } = await bring(
      chatOf('c', [
        message('q', null, 'user', { content: 'Look', files }),
        message('a', 'q', 'assistant', { content: '', error: { content: 'no key' }, sources: [] }),
      ]),
    );
    const [prompt, answer] = sessions[0]!.messages;
    expect(prompt!.parts).toMatchObject([
      { type: 'text' },
      { type: 'image', attachment: { mediaType: 'image/png', byteLength: 3 } },
      { type: 'file', attachment: { name: 'a.pdf', mediaType: 'text/plain' } },
      { type: 'raw', kind: 'collection', data: files[2] },
    ]);
    const image = prompt!.parts[1] as { attachment: { sha256: string } };
    expect(await store.attachments.get(image.attachment.sha256)).toEqual(new Uint8Array([1, 2, 3]));
    expect(answer!.parts).toEqual([{ type: 'raw', kind: 'error', data: { content: 'no key' } }]);
  });

  it('takes the rest of an answer that was still being written', async () => {
    const half = message('a1', 'q1', 'assistant', { content: 'On', done: false });
    const first = await bring(chatOf('c1', [linear[0]!, half]));
    expect(first.sessions[0]!.messages[1]).toMatchObject({ status: 'interrupted' });
    const file = JSON.stringify([chatOf('c1', linear)]);
    const { sessions, receipt } = await importText('export.json', file, first.store);
    expect(receipt.skipped).toEqual([]);
    expect(outlineOf(sessions[0]!.messages)).toEqual(['user: text First', 'assistant: text One']);
  });

  it('reports chats without an id or messages, and damage, and imports the rest', async () => {
    const text = `[${JSON.stringify(chatOf('c0', linear))}, {"id": oops}, ${JSON.stringify([
      { chat: {} },
      { id: 'empty', chat: { history: { messages: {} } } },
      chatOf('c1', [...linear, { id: 'a2' }]),
    ]).slice(1)}`;
    const { receipt } = await importText('export.json', text);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([
      { place: 'record 2', reason: 'is not valid JSON', isDamage: true },
      { place: 'chat 3', reason: 'has no id', isDamage: true },
      { place: 'chat 4', reason: 'has no messages', isDamage: false },
      { place: 'chat 5, message a2', reason: 'is not a message', isDamage: true },
    ]);
  });

  it('reads the list of messages of the oldest versions', async () => {
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello', model: 'llama' },
      'text',
    ];
    const chat = { id: 'old', chat: { history: { currentId: null }, messages } };
    const { sessions, receipt } = await bring(chat);
    expect(outlineOf(sessions[0]!.messages)).toEqual(['user: text Hi', 'assistant: text Hello']);
    expect(receipt.skipped).toEqual([
      { place: 'chat 1, message 3', reason: 'is not a message', isDamage: true },
    ]);
  });

  it('keeps every text of any tree, whatever its parents are', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor');
    const tree = fc.uniqueArray(
      fc.record({ id, parentId: fc.option(id), role: fc.constantFrom('user', 'assistant') }),
      { selector: (one) => one.id, minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(tree, async (messages) => {
        const all = messages.map((one) => ({ ...one, content: `text of ${one.id}` }));
        const map = all.map((one) => `${JSON.stringify(one.id)}:${JSON.stringify(one)}`).join();
        const text = `[{"id":"x","chat":{"history":{"currentId":"a","messages":{${map}}}}}]`;
        const { sessions, store } = await importText('export.json', text);
        const texts = new Set(sessions.flatMap((one) => outlineOf(one.messages)));
        expect([...texts].sort()).toEqual(
          all.map((one) => `${one.role}: text ${one.content}`).sort(),
        );
        const { receipt } = await importText('export.json', text, store);
        expect(counts(receipt)).toBe(`+0 x0 f0 =${sessions.length} m0`);
      }),
    );
  });
});

describe('the database of Open WebUI', () => {
  const folder = temporaryFolder();
  let db: ForeignDatabase;

  beforeEach(async () => {
    db = await ForeignDatabase.create(
      folder,
      'webui.db',
      `create table auth (id text primary key, email text, password text);
       create table user (id text primary key, name text, api_key text);
       create table chat (id text primary key, user_id text, title text, chat json, created_at bigint,
         updated_at bigint, archived boolean, pinned boolean, meta json, folder_id text);`,
    );
  });
  afterEach(() => db.close());

  const insert = (id: string, chat: string) =>
    db.insert('chat', {
      ...{ id, user_id: 'u1', title: 'A chat', chat, created_at: START, updated_at: START },
      ...{ archived: 1, pinned: 0, meta: '{"tags":["work"]}', folder_id: 'f1' },
    });
  const textOfChat = (messages: JsonObject[]) => JSON.stringify(chatOf('c1', messages).chat);

  it('brings its chats while it is open, under the same ids as an export', async () => {
    await insert('c1', textOfChat(linear));
    const { sessions, receipt, store } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(['user: text First', 'assistant: text One']);
    expect(session).toMatchObject({
      ...{ title: 'A chat', archived: true, pinned: false, createdAt: new Date(START * 1000) },
      metadata: { history: { folderId: 'f1', userId: 'u1', meta: { tags: ['work'] } } },
    });
    const text = JSON.stringify([chatOf('c1', linear)]);
    expect(counts((await importText('export.json', text, store)).receipt)).toBe('+0 x0 f0 =1 m0');
    const more = message('q2', 'a1', 'user', { content: 'Second' });
    await db.run(`update chat set chat = '${textOfChat([...linear, more])}'`);
    const grown = await importFile(fileOnDisk(db.path), store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =0 m1');
  });

  it('takes messages that only the rows of newer versions have', async () => {
    await db.run(`create table chat_message (id text primary key, chat_id text, user_id text, role text,
      parent_id text, content json, output json, model_id text, files json, sources json, embeds json,
      done boolean, error json, usage json, created_at bigint);`);
    await insert('c1', textOfChat(linear));
    const row = { chat_id: 'c1', user_id: 'u1', created_at: START + 9, done: 1 };
    await db.insert(
      'chat_message',
      {
        ...{ ...row, id: 'c1-a1', role: 'assistant', parent_id: 'q1', content: '"Other"' },
        usage: '{"input_tokens":7,"output_tokens":2}',
      },
      { ...row, id: 'c1-q2', role: 'user', parent_id: 'a1', content: '"Second"' },
    );
    const { sessions } = await importFile(fileOnDisk(db.path));
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text First',
      'assistant: text One',
      'user: text Second',
    ]);
    expect(messages[1]).toMatchObject({ model: 'gpt-4o', usage: { inputTokens: 7 } });
  });

  it('reports a damaged chat, and imports the rest', async () => {
    await insert('c0', '{"history": oops');
    await insert('c1', textOfChat(linear));
    const { receipt } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
    expect(receipt.skipped).toEqual([
      { place: 'chat c0', reason: 'is not valid JSON', isDamage: true },
      { place: 'chat c0', reason: 'has no messages', isDamage: false },
    ]);
  });

  it('never reads the tables of accounts', async () => {
    await db.insert('auth', { id: 'u1', email: 'a@example.org', password: 'the-hash' });
    await db.insert('user', { id: 'u1', name: 'Ann', api_key: 'sk-the-key' });
    await insert('c1', textOfChat(linear));
    const { sessions } = await importFile(fileOnDisk(db.path));
    expect(JSON.stringify(sessions)).not.toMatch(/the-hash|sk-the-key|example\.org|Ann/);
  });
});
