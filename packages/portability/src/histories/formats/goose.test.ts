import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import {
  counts,
  fileOnDisk,
  historyFile,
  importFile,
  importText,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { goose } from './goose.ts';
import { detectHistory } from '../history-formats.ts';

const folder = temporaryFolder();
const START = Date.parse('2026-03-01T10:00:00Z') / 1000;
const PNG = Buffer.from('png').toString('base64');

interface Message {
  role: string;
  created: number;
  content: JsonObject[];
  metadata?: JsonObject;
}

const say = (role: string, index: number, ...content: JsonObject[]): Message => ({
  ...{ role, created: START + index, content },
});
const text = (value: string) => ({ type: 'text', text: value });
const request = (id: string, name: string, args: JsonObject) => ({
  ...{ type: 'toolRequest', id },
  toolCall: { status: 'success', value: { name, arguments: args } },
});
const response = (id: string, toolResult: JsonObject) => ({ type: 'toolResponse', id, toolResult });
const forUser = { annotations: { audience: ['user'] } };

const conversation: Message[] = [
  say('user', 1, text('List the files'), { type: 'image', data: PNG, mimeType: 'image/png' }),
  say(
    'assistant',
    2,
    { type: 'thinking', thinking: 'A command.', signature: 's' },
    { type: 'redactedThinking', data: 'x' },
    request('c1', 'shell', { command: 'ls' }),
    request('c2', 'shell', {}),
    request('c3', 'shell', {}),
    { type: 'toolRequest', id: 'c4', toolCall: { status: 'error', error: 'No such tool' } },
  ),
  say(
    'user',
    3,
    response('c1', {
      status: 'success',
      value: {
        content: [
          text('a b'),
          { ...text('**a b**'), ...forUser },
          { type: 'image', data: PNG, mimeType: 'image/png' },
        ],
        isError: false,
      },
    }),
    response('c2', { status: 'error', error: 'Refused' }),
    response('c3', { status: 'success', value: [text('old')] }),
  ),
  say('assistant', 4, text('Done.')),
];

const outline = [
  'user: text image List the files',
  'assistant: reasoning raw tool-call tool-call tool-call raw',
  'tool: tool-result raw image tool-result tool-result',
  'assistant: text Done.',
];

const linesOf = (head: JsonObject | null, messages: readonly object[]) =>
  [...(head ? [head] : []), ...messages].map((line) => JSON.stringify(line)).join('\n');

const head = { description: 'List files', working_dir: '/work', message_count: 4, total_tokens: 9 };

let db: ForeignDatabase;

beforeEach(async () => {
  db = await ForeignDatabase.create(
    folder,
    'sessions.db',
    `create table schema_version (version integer primary key);
     create table sessions (id text primary key, name text, description text, session_type text, working_dir text,
       created_at timestamp, accumulated_input_tokens integer, accumulated_output_tokens integer, provider_name text,
       model_config_json text, archived_at text, parent_session_id text);
     create table messages (id integer primary key, message_id text, session_id text, role text, content_json text,
       created_timestamp integer, metadata_json text);`,
  );
});
afterEach(() => db.close());

async function insert(id: string, messages: readonly Message[], more = {}): Promise<void> {
  await db.insert('sessions', {
    ...{ id, name: 'List files', working_dir: '/work', created_at: '2026-03-01 10:00:00' },
    ...{ provider_name: 'anthropic', model_config_json: '{"model_name":"claude-opus-5"}', ...more },
  });
  await insertMessages(id, messages);
}

async function insertMessages(id: string, messages: readonly Message[]): Promise<void> {
  for (const { role, created, content, metadata } of messages) {
    await db.insert('messages', {
      ...{ session_id: id, role, created_timestamp: created },
      ...{ content_json: JSON.stringify(content), metadata_json: JSON.stringify(metadata ?? {}) },
    });
  }
}

describe('the sessions of goose', () => {
  it('have text, reasoning, calls, results and images', async () => {
    await insert('20260301_1', conversation, { session_type: 'user' });
    const { sessions, receipt, store } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([]);
    const [{ session, messages }] = sessions as [(typeof sessions)[0]];
    expect(outlineOf(messages)).toEqual(outline);
    expect(messages[1]).toMatchObject({ provider: 'anthropic', model: 'claude-opus-5' });
    expect(messages[2]!.parts).toMatchObject([
      { id: 'c1', name: 'shell', output: 'a b', isError: false },
      { data: { text: '**a b**' } },
      { type: 'image' },
      { id: 'c2', output: 'Refused', isError: true },
      { id: 'c3', output: 'old', isError: false },
    ]);
    expect(session).toMatchObject({
      ...{ title: 'List files', origin: 'goose', workingDirectory: '/work' },
      ...{ createdAt: new Date(START * 1000), model: 'claude-opus-5' },
    });
    expect(counts((await importFile(fileOnDisk(db.path), store)).receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('of old files are the same in the database that took them over', async () => {
    const lines = linesOf(head, conversation);
    const { store, sessions } = await importText('20260301_100000.jsonl', lines);
    expect(outlineOf(sessions[0]!.messages)).toEqual(outline);
    expect(sessions[0]!.session).toMatchObject({ title: 'List files', workingDirectory: '/work' });
    await insert('20260301_100000', conversation, { created_at: '2026-11-11 11:11:11' });
    const again = await importFile(fileOnDisk(db.path), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
    await insertMessages('20260301_100000', [say('user', 9, text('More'))]);
    const grown = await importFile(fileOnDisk(db.path), store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =0 m1');
    // Without its first line, a file is known by its name.
    const headless = await importText('20260301_100000.jsonl', linesOf(null, conversation), store);
    expect(counts(headless.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('have the tokens of each answer, if the version has a ledger', async () => {
    await insert('20260301_1', conversation, { accumulated_input_tokens: 30 });
    await db.run(`create table usage_ledger (session_id text, created_timestamp integer, model text,
      input_tokens integer, output_tokens integer, cache_read_tokens integer)`);
    const entry = { session_id: '20260301_1', model: 'claude-opus-5', output_tokens: 2 };
    await db.insert('usage_ledger', { ...entry, created_timestamp: START + 2, input_tokens: 10 });
    await db.insert('usage_ledger', { ...entry, created_timestamp: START + 5, input_tokens: 20 });
    await db.insert('usage_ledger', { ...entry, created_timestamp: START + 6, input_tokens: 5 });
    const { sessions } = await importFile(fileOnDisk(db.path));
    expect(sessions[0]!.messages.map(({ usage }) => usage?.inputTokens)).toEqual([
      ...[undefined, 10, undefined, 25],
    ]);
    expect(sessions[0]!.session).toMatchObject({
      outputTokens: 6,
      metadata: { history: { inputTokens: 30 } },
    });
  });

  it('share the messages that a copy has, and know their parents and hidden texts', async () => {
    await insert('20260301_1', conversation);
    await insert('20260301_2', [...conversation, say('user', 8, text('Another way'))]);
    const hidden = {
      ...say('user', 1, text('You are a subagent')),
      metadata: { userVisible: false },
    };
    const inference = { inference: { provider: 'openai', requestedModel: 'gpt-4o' } };
    const task = [hidden, { ...say('assistant', 2, text('Yes')), metadata: inference }];
    const more = {
      session_type: 'sub_agent',
      parent_session_id: '20260301_1',
      name: 'New session',
    };
    await insert('20260301_3', task, { ...more, archived_at: '2026-03-02 10:00:00' });
    const { sessions, receipt, store } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m11');
    expect(await goose.count!(fileOnDisk(db.path))).toBe(3);
    expect(await goose.count!(historyFile('20260301_100000.jsonl', ''))).toBe(1);
    expect(sessions[1]!.session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
    expect(sessions[2]!.session).toMatchObject({
      ...{ title: null, archived: true, forkedFrom: null, provider: 'openai', model: 'gpt-4o' },
      metadata: { history: { type: 'sub_agent', parentId: '20260301_1' } },
    });
    expect(sessions[2]!.messages[0]!.parts).toMatchObject([{ isInjected: true }]);
    // A message that is shown later is the same one.
    await db.run(`update messages set metadata_json = '{}' where session_id = '20260301_3'`);
    expect(counts((await importFile(fileOnDisk(db.path), store)).receipt)).toBe('+0 x0 f0 =3 m0');
  });

  it('are kept without what is damaged, which is reported', async () => {
    await insert('20260301_1', conversation);
    await db.run(`update messages set content_json = '[' where id = 1;
      update messages set role = 'narrator' where id = 2`);
    const { receipt, sessions } = await importFile(fileOnDisk(db.path));
    expect(receipt.skipped).toEqual([
      { place: 'message 1', reason: 'has no list of content blocks', isDamage: true },
      { place: 'message 2', reason: 'has no known role', isDamage: true },
    ]);
    expect(outlineOf(sessions[0]!.messages)).toEqual(outline.slice(2));
    const lines = linesOf(head, conversation).split('\n');
    const cut = [...lines.slice(0, 2), '{"role":', '{"a":1}', ...lines.slice(2), '{"role":"us'];
    const file = await importText('20260301_100000.jsonl', cut.join('\n'));
    expect(file.receipt.skipped).toEqual([
      { place: 'line 3', reason: 'is not valid JSON', isDamage: true },
      { place: 'line 4', reason: 'is not a message', isDamage: true },
      { place: 'line 8', reason: 'is cut off: the file may still be written', isDamage: false },
    ]);
    expect(outlineOf(file.sessions[0]!.messages)).toEqual(outline);
  });

  it('are not taken for those of another tool', async () => {
    const path = '20260301_100000.jsonl';
    for (const line of [{ working_dir: '/work' }, { role: 'user', content: 'x' }, { a: 1 }]) {
      expect(await detectHistory(historyFile(path, JSON.stringify(line)))).toBeUndefined();
    }
    const message = JSON.stringify(conversation[0]);
    expect(await detectHistory(historyFile('chat.jsonl', message))).toBeUndefined();
    await db.run('alter table messages rename column content_json to content');
    expect(await detectHistory(fileOnDisk(db.path))).toBeUndefined();
  });

  it('survive values of any type', async () => {
    const odd = [
      say('user', -START - 5, { type: 'toolResponse' }, { type: 5 }, text('\0\ud800')),
      say('assistant', 1e15, response('__proto__', { status: 'success', value: 5 }), {
        ...{ type: 'image', data: 'x', mimeType: '' },
      }),
      { role: 'user', created: 'never', content: [1, null, 'x'], metadata: 5 },
    ];
    const file = linesOf(head, odd);
    const { receipt, store } = await importText('20260301_100000.jsonl', file);
    expect(counts(receipt)).toMatch(/^\+1 x0 f0 =0/);
    const again = await importText('20260301_100000.jsonl', file, store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });
});
