import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import {
  counts,
  fileOnDisk,
  importFile,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { llm } from './llm.ts';

const folder = temporaryFolder();
const start = Date.parse('2026-08-04T10:00:00Z');
/** Without a zone, as llm writes it. */
const at = (index: number) => new Date(start + index * 1000).toISOString().slice(0, -1);

const MIGRATIONS = 'create table _llm_migrations (name text primary key, applied_at text);';
const LOGS = `create table logs (id integer primary key, model text, prompt text, system text, prompt_json text,
  options_json text, response text, response_json text, reply_to_id integer, chat_id integer, duration_ms integer,
  datetime_utc text);`;
const RESPONSES = `
  create table conversations (id text primary key, name text, model text);
  create table responses (id text primary key, model text, prompt text, system text, prompt_json text, options_json text,
    response text, response_json text, conversation_id text, duration_ms integer, datetime_utc text);`;
const NEWER = `
  alter table responses add column input_tokens integer; alter table responses add column output_tokens integer;
  alter table responses add column schema_id text; alter table responses add column resolved_model text;
  alter table responses add column reasoning text;
  create table attachments (id text primary key, type text, path text, url text, content blob);
  create table prompt_attachments (response_id text, attachment_id text, "order" integer);
  create table fragments (id integer primary key, hash text, content text);
  create table prompt_fragments (response_id text, fragment_id integer, "order" integer);
  create table system_fragments (response_id text, fragment_id integer, "order" integer);
  create table schemas (id text primary key, content text);
  create table tool_calls (id integer primary key, response_id text, tool_id integer, name text, arguments text,
    tool_call_id text);
  create table tool_results (id integer primary key, response_id text, tool_id integer, name text, output text,
    tool_call_id text, exception text);
  create table tool_results_attachments (tool_result_id integer, attachment_id text, "order" integer);`;
const THREADS = `
  create table messages (hash text primary key, parent_hash text, role text, provider_metadata text);
  create table parts (id integer primary key, message_hash text, position integer, type text, tool_name text, text text,
    payload text);
  create table part_attachments (part_id integer, attachment_id text, "order" integer);
  create table part_fragments (part_id integer, fragment_id integer, "order" integer);
  create table threads (id text primary key, name text, tip_message_hash text, forked_from text, datetime_utc text);
  create table turns (id text primary key, thread_id text, parent_message_hash text, tip_message_hash text, model text,
    resolved_model text, options_json text, input_tokens integer, output_tokens integer, datetime_utc text,
    response_json text);`;

let db: ForeignDatabase;
const open = async (schema: string, name = 'logs.db') => {
  db = await ForeignDatabase.create(folder, name, schema);
};
const bring = (store?: Parameters<typeof importFile>[1]) => importFile(fileOnDisk(db.path), store);

beforeEach(() => open(MIGRATIONS + RESPONSES + NEWER + THREADS));
afterEach(() => db.close());

const response = (id: string, index: number, prompt: string, answer: string, more = {}) => ({
  ...{ id, prompt, response: answer, datetime_utc: at(index), model: 'gpt-4o' },
  ...{ conversation_id: 'c1', input_tokens: 10, output_tokens: 5, ...more },
});

/** A message of a thread with one text, and its place in the tree. */
async function message(hash: string, parent: string | null, role: string, text: string) {
  await db.insert('messages', { hash, parent_hash: parent, role });
  await db.insert('parts', { message_hash: hash, position: 0, type: 'text', text });
}

const turn = (id: string, thread: string, parent: string, tip: string, index: number) => ({
  ...{ id, thread_id: thread, parent_message_hash: parent, tip_message_hash: tip, model: 'alias' },
  ...{ resolved_model: 'exact', input_tokens: 7, output_tokens: 3, datetime_utc: at(index) },
});

const thread = (id: string, tip: string, more = {}) => ({
  ...{ id, name: `Thread ${id}`, tip_message_hash: tip, datetime_utc: at(0), ...more },
});

describe('the log of llm', () => {
  it('has conversations with fragments, attachments, tools, reasoning and tokens', async () => {
    await db.insert('conversations', { id: 'c1', name: 'Birds', model: 'gpt-4o' });
    await db.insert(
      'responses',
      response('r1', 0, 'Look', 'I will look.', { system: 'Be brief', reasoning: 'Hm' }),
      response('r2', 1, '', 'A pelican.', { resolved_model: 'gpt-4o-2026', system: 'Be brief' }),
      response('r3', 2, 'Alone', 'Yes', { conversation_id: null, options_json: '{"seed":1}' }),
    );
    await db.insert('fragments', { id: 1, content: 'A file' }, { id: 2, content: 'Rules' });
    await db.insert('prompt_fragments', { response_id: 'r1', fragment_id: 1, order: 0 });
    for (const id of ['r1', 'r2']) {
      await db.insert('system_fragments', { response_id: id, fragment_id: 2, order: 0 });
    }
    await db.insert('attachments', {
      ...{ id: 'a', type: 'image/png', path: '/home/u/bird.png', content: Buffer.from('png') },
    });
    await db.insert('attachments', { id: 'b', type: 'image/png', url: 'https://example.com/b' });
    await db.insert('prompt_attachments', { response_id: 'r1', attachment_id: 'a', order: 0 });
    await db.insert('prompt_attachments', { response_id: 'r1', attachment_id: 'b', order: 1 });
    const call = { response_id: 'r1', name: 'see', arguments: '{"deep":true}' };
    await db.insert('tool_calls', { ...call, tool_call_id: 't1' }, { ...call, tool_call_id: null });
    const result = { response_id: 'r2', name: 'see' };
    await db.insert('tool_results', { ...result, output: 'seen', tool_call_id: 't1' });
    await db.insert('tool_results', { ...result, output: 'Error', exception: 'Broken: lens' });
    await db.insert('tool_results_attachments', {
      ...{ tool_result_id: 1, attachment_id: 'a', order: 0 },
    });
    const { sessions, receipt } = await bring();
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m6');
    expect(receipt.skipped).toEqual([]);
    expect(outlineOf(sessions[0]!.messages)).toEqual([
      'user: text text image raw A file\nLook',
      'assistant: reasoning text tool-call tool-call I will look.',
      'tool: tool-result+1 tool-result',
      'assistant: text A pelican.',
    ]);
    const [one, alone] = sessions as [(typeof sessions)[0], (typeof sessions)[0]];
    expect(one.session).toMatchObject({
      ...{ title: 'Birds', origin: 'llm', systemPrompt: 'Rules\nBe brief', model: 'gpt-4o-2026' },
      ...{ createdAt: new Date(start), inputTokens: 20, outputTokens: 10 },
    });
    expect(one.messages[0]!.parts[0]).toMatchObject({ isInjected: true });
    expect(one.messages[0]!.parts[2]).toMatchObject({ attachment: { name: 'bird.png' } });
    const [, , first, second] = one.messages[1]!.parts as { id: string; input: object }[];
    expect(first).toMatchObject({ id: 't1', input: { deep: true } });
    expect(one.messages[2]!.parts).toMatchObject([
      { id: 't1', name: 'see', output: 'seen', attachments: [{ name: 'bird.png' }] },
      { id: second!.id, output: 'Error\nBroken: lens', isError: true },
    ]);
    expect(outlineOf(alone.messages)).toEqual(['user: text raw Alone', 'assistant: text Yes']);
  });

  it('has chats of the first versions, with and without ids', async () => {
    await db.close();
    await open(MIGRATIONS + LOGS);
    const log = (id: number, prompt: string, more = {}) => ({
      ...{ id, prompt, response: `Re: ${prompt}`, model: 'ada', datetime_utc: at(id), ...more },
    });
    await db.insert(
      'logs',
      log(1, 'One', { response_json: '{}' }),
      log(2, 'Two', { chat_id: 1, reply_to_id: 1 }),
      log(3, 'Instead', { chat_id: 1, reply_to_id: 1 }),
      log(4, 'Other', {}),
    );
    const { receipt, sessions } = await bring();
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m10');
    expect(sessions.map(({ messages }) => outlineOf(messages).at(-1))).toEqual([
      ...['assistant: text Re: Instead', 'assistant: text Re: Two', 'assistant: text Re: Other'],
    ]);
    expect(receipt.skipped).toEqual([
      { place: 'table logs', reason: 'left out 1 raw answer of a provider', isDamage: false },
    ]);
    await db.close();
    const columns = 'provider text, system text, prompt text, chat_id text, response text';
    await open(`create table log (${columns}, model text, timestamp text)`, 'log.db');
    await db.insert('log', { prompt: 'First', response: 'Ever', timestamp: at(0) });
    const oldest = await bring();
    expect(outlineOf(oldest.sessions[0]!.messages)).toEqual([
      ...['user: text First', 'assistant: text Ever'],
    ]);
    expect(oldest.sessions[0]!.session.createdAt).toEqual(new Date(start));
  });

  it('has threads whose forks share messages, and branches within a thread', async () => {
    await message('q1', null, 'user', 'Name a pelican');
    await message('a1', 'q1', 'assistant', 'Percy');
    await message('q2', 'a1', 'user', 'A walrus');
    await message('a2', 'q2', 'assistant', 'Wallace');
    await message('q3', 'a1', 'user', 'A seagull');
    await message('a3', 'q3', 'assistant', 'Steven');
    await message('a4', 'q3', 'assistant', 'Gulliver');
    await db.insert('threads', thread('t1', 'a2'), thread('t2', 'a3', { forked_from: 't1' }));
    await db.insert(
      'turns',
      ...[turn('1', 't1', 'q1', 'a1', 0), turn('2', 't1', 'q2', 'a2', 1)],
      ...[turn('3', 't2', 'q3', 'a4', 2), turn('4', 't2', 'q3', 'a3', 3)],
    );
    const { sessions, receipt, store } = await bring();
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m12');
    expect(sessions.map(({ messages }) => outlineOf(messages).at(-1))).toEqual([
      ...['assistant: text Wallace', 'assistant: text Steven', 'assistant: text Gulliver'],
    ]);
    const [one, two] = sessions as [(typeof sessions)[0], (typeof sessions)[0]];
    expect(two.messages.map(({ copyOf }) => copyOf)).toEqual([
      ...[one.messages[0]!.id, one.messages[1]!.id, null, null],
    ]);
    expect(one.session).toMatchObject({ title: 'Thread t1', model: 'exact', inputTokens: 14 });
    expect(two.session.inputTokens).toBe(7);
    expect(two.messages[2]!.createdAt).toEqual(new Date(start + 2000));
    // Another import changes nothing, and one of a thread that has grown adds the new messages.
    expect(counts((await bring(store)).receipt)).toBe('+0 x0 f0 =3 m0');
    await message('q5', 'a2', 'user', 'Thanks');
    await message('a5', 'q5', 'assistant', 'Bye');
    await db.insert('turns', turn('5', 't1', 'q5', 'a5', 9));
    await db.run(`update threads set tip_message_hash = 'a5' where id = 't1'`);
    expect(counts((await bring(store)).receipt)).toBe('+0 x1 f0 =2 m2');
  });

  it('gives messages of threads the time of their first turn', async () => {
    await message('q', null, 'user', 'Hello');
    await message('a', 'q', 'assistant', 'Hi');
    await message('b', 'q', 'assistant', 'Good day');
    await db.insert('threads', thread('t1', 'a'), thread('t2', 'a'), thread('t3', 'b'));
    await db.insert('turns', turn('1', 't1', 'q', 'a', 1), turn('2', 't2', 'q', 'a', 2));
    await db.insert('turns', turn('3', 't3', 'q', 'b', 3));
    const { sessions } = await bring();
    const times = sessions.map(({ messages }) =>
      messages.map(({ createdAt }) => (createdAt.getTime() - start) / 1000),
    );
    // The second thread repeats the first; the third one begins with the same question by chance.
    expect(times).toEqual([
      [1, 1],
      [1, 1],
      [3, 3],
    ]);
    expect(sessions[1]!.messages.every(({ copyOf }) => copyOf !== null)).toBe(true);
    expect(sessions[2]!.messages.every(({ copyOf }) => copyOf === null)).toBe(true);
  });

  it('has parts of every type in threads', async () => {
    await message('s', null, 'system', 'Be brief');
    await db.insert('messages', { hash: 'q', parent_hash: 's', role: 'user' });
    await db.insert('messages', { hash: 'a', parent_hash: 'q', role: 'assistant' });
    await db.insert('messages', { hash: 'r', parent_hash: 'a', role: 'tool' });
    await db.insert('fragments', { id: 8, content: 'A file' });
    await db.insert('attachments', { id: 'x', type: 'text/csv', content: Buffer.from('1,2') });
    const part = (
      hash: string,
      position: number,
      type: string,
      payload: object,
      text?: string,
    ) => ({
      ...{ message_hash: hash, position, type, payload: JSON.stringify(payload) },
      text: text ?? null,
    });
    await db.insert(
      'parts',
      part('q', 0, 'text', { text_ref: [{ fragment: 8 }, { literal: '\nRead it' }] }),
      part('q', 1, 'attachment', {}),
      part('a', 0, 'reasoning', { redacted: true }),
      part('a', 1, 'reasoning', {}, 'Think'),
      part('a', 2, 'tool_call', { name: 'read', arguments: { n: 1 }, tool_call_id: 'k' }),
      part('a', 3, 'tool_call', { name: 'search', arguments: {}, server_executed: true }),
      part('a', 4, 'tool_result', { name: 'search', output: 'found' }),
      part('a', 5, 'text', {}, 'So far'),
      part('r', 0, 'tool_result', { name: 'read', tool_call_id: 'k', exception: 'Gone' }),
      part('r', 1, 'hologram', { depth: 3 }),
    );
    await db.insert('part_fragments', { part_id: 2, fragment_id: 8, order: 0 });
    await db.insert('part_attachments', { part_id: 3, attachment_id: 'x', order: 0 });
    await db.run(`update messages set provider_metadata = '{"id":"m"}' where hash = 'a'`);
    await db.insert('threads', thread('t', 'r'));
    await db.insert('turns', { ...turn('1', 't', 'q', 'a', 0), options_json: '{"seed":1}' });
    const { sessions, receipt } = await bring();
    expect(receipt.skipped).toEqual([]);
    expect(sessions[0]!.session.systemPrompt).toBe('Be brief');
    expect(outlineOf(sessions[0]!.messages)).toEqual([
      'user: text text file raw A file\nRead it',
      'assistant: raw reasoning tool-call tool-call',
      'tool: tool-result',
      'assistant: text raw So far',
      'tool: tool-result raw',
    ]);
    expect(sessions[0]!.messages[2]!.parts).toMatchObject([{ name: 'search', output: 'found' }]);
    expect(sessions[0]!.messages[4]!.parts[0]).toMatchObject({ id: 'k', isError: true });
  });

  it('keeps a conversation that went on in a thread of the same id apart', async () => {
    await db.insert('responses', response('r1', 0, 'Before', 'The upgrade'));
    await message('q', null, 'user', 'After');
    await message('a', 'q', 'assistant', 'It');
    await db.insert('threads', thread('c1', 'a'));
    await db.insert('turns', turn('1', 'c1', 'q', 'a', 0));
    const { receipt, sessions, store } = await bring();
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(new Set(sessions.map(({ session }) => session.id)).size).toBe(2);
    expect(await llm.count!(fileOnDisk(db.path))).toBe(2);
    expect(counts((await bring(store)).receipt)).toBe('+0 x0 f0 =2 m0');
  });

  it('reports messages that are missing or their own ancestors, and keeps the rest', async () => {
    await message('a', 'gone', 'assistant', 'Orphan');
    await message('x', 'y', 'user', 'X');
    await message('y', 'x', 'assistant', 'Y');
    await db.insert('threads', thread('t1', 'a'), thread('t2', 'y'), thread('__proto__', ''));
    const { receipt } = await bring();
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m3');
    expect(receipt.skipped).toEqual([
      { place: 'message gone', reason: 'is missing', isDamage: true },
      { place: 'message y', reason: 'is its own ancestor', isDamage: true },
    ]);
  });

  it('survives values of any type', async () => {
    const odd = { id: '__proto__', prompt: 1, system: Buffer.from('\0'), datetime_utc: -1 };
    await db.insert('responses', { ...odd, conversation_id: 7, options_json: '[', model: 2 });
    await db.insert('tool_calls', { response_id: '__proto__', name: 1, arguments: 'no json' });
    await db.insert('tool_results', { response_id: '__proto__', output: 5, tool_call_id: '' });
    await db.insert('messages', { hash: '1', parent_hash: '', role: 'toString' });
    await db.insert('parts', { message_hash: '1', position: 'x', type: 3, payload: '"\ud800"' });
    await db.insert('threads', { id: '3', tip_message_hash: '1', name: 1, datetime_utc: 'never' });
    const { receipt, store } = await bring();
    expect(counts(receipt)).toMatch(/^\+2/);
    expect(counts((await bring(store)).receipt)).toMatch(/^\+0 x0 f0 =2/);
  });
});
