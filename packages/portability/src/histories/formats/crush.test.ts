import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { ForeignDatabase } from '@synapse/test/support/foreign-database';
import {
  counts,
  fileOnDisk,
  importFile,
  outlineOf,
} from '@synapse/test/support/imported-histories';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { crush } from './crush.ts';

const project = temporaryFolder();
/** In seconds, whatever the comments of the schema say. */
const START = Date.parse('2026-03-01T10:00:00Z') / 1000;
const BYTES = Buffer.from('png').toString('base64');

let db: ForeignDatabase;

beforeEach(async () => {
  mkdirSync(join(project, '.crush'), { recursive: true });
  db = await ForeignDatabase.create(
    join(project, '.crush'),
    'crush.db',
    `create table goose_db_version (id integer primary key, version_id integer);
     create table sessions (id text primary key, parent_session_id text, title text, prompt_tokens integer,
       completion_tokens integer, cost real, summary_message_id text, created_at integer, updated_at integer);
     create table messages (id text primary key, session_id text, role text, parts text, model text, provider text,
       is_summary_message integer, created_at integer, updated_at integer, finished_at integer);`,
  );
  await db.insert('sessions', { ...session('s1', 'List files'), prompt_tokens: 20 });
});
afterEach(() => db.close());

const session = (id: string, title: string) => ({
  id,
  title,
  created_at: START,
  updated_at: START,
});

const part = (type: string, data: JsonObject) => ({ type, data });
const finish = (reason: string, more: JsonObject = {}) => part('finish', { reason, ...more });

/** The messages of one second, whose ids are in another order. */
const message = (id: string, role: string, ...parts: JsonObject[]) => ({
  ...{ id, session_id: 's1', role, parts: JSON.stringify(parts), created_at: START + 1 },
  ...{ model: role === 'assistant' ? 'claude-opus-5' : null, provider: 'anthropic' },
});

const prompt = message(
  'm9',
  'user',
  part('text', { text: 'List the files' }),
  part('binary', { Path: '/home/u/dot.png', MIMEType: 'image/png', Data: BYTES }),
  part('image_url', { url: `data:image/png;base64,${BYTES}` }),
  part('image_url', { url: 'https://example.com/dot.png' }),
  part('shell_command', { command: 'pwd', output: '/work', exit_code: 0 }),
  finish('stop'),
);
const call = message(
  'm8',
  'assistant',
  part('reasoning', { thinking: 'A command.', signature: 's' }),
  part('text', { text: '' }),
  part('tool_call', { id: 'c1', name: 'bash', input: '{"command":"ls"}', finished: true }),
  part('tool_call', { id: 'c2', name: 'view', input: '', finished: true }),
  finish('tool_use'),
);
const results = message(
  'm7',
  'tool',
  part('tool_result', { tool_call_id: 'c1', name: '', content: 'a', is_error: true }),
  part('tool_result', {
    ...{ tool_call_id: 'c2', name: 'view', content: '', data: BYTES, mime_type: 'image/png' },
  }),
);
const answer = message('m6', 'assistant', part('text', { text: 'Done.' }), finish('end_turn'));

const bring = (store?: Parameters<typeof importFile>[1]) => importFile(fileOnDisk(db.path), store);

describe('the sessions of crush', () => {
  it('have text, reasoning, calls, results and images, and the folder of their project', async () => {
    await db.insert('messages', prompt, call, results, answer);
    const { sessions, receipt, store } = await bring();
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([]);
    const [{ session: one, messages }] = sessions as [(typeof sessions)[0]];
    expect(outlineOf(messages)).toEqual([
      'user: text image image raw raw List the files',
      'assistant: reasoning tool-call tool-call',
      'tool: tool-result tool-result+1',
      'assistant: text Done.',
    ]);
    expect(messages[0]!.parts[1]).toMatchObject({ attachment: { name: 'dot.png' } });
    expect(messages[1]!.parts[1]).toMatchObject({ id: 'c1', input: { command: 'ls' } });
    expect(messages[2]!.parts).toMatchObject([
      { id: 'c1', name: 'bash', output: 'a', isError: true },
      { id: 'c2', name: 'view', attachments: [{ mediaType: 'image/png' }] },
    ]);
    expect(one).toMatchObject({
      ...{ title: 'List files', origin: 'crush', workingDirectory: project },
      ...{ model: 'claude-opus-5', provider: 'anthropic', createdAt: new Date(START * 1000) },
      metadata: { history: { promptTokens: 20 } },
    });
    expect(counts((await bring(store)).receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('grow: an answer under way is completed, and new messages are added', async () => {
    const open = message('m8', 'assistant', part('text', { text: 'I will' }));
    await db.insert('messages', prompt, open);
    const { sessions, store } = await bring();
    expect(sessions[0]!.messages[1]!.status).toBe('interrupted');
    await db.run(`delete from messages where id = 'm8'`);
    await db.insert('messages', call, results, answer);
    const grown = await bring(store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =0 m3');
    expect(outlineOf(grown.sessions[0]!.messages).at(1)).toBe(
      'assistant: reasoning tool-call tool-call',
    );
  });

  it('of subagents know their parents, and those that only made titles are left out', async () => {
    const agent = { ...session('m8$$c1', 'New Session'), parent_session_id: 's1' };
    await db.insert('sessions', agent, session('title-s1', 'Make a title'), session('s3', 'Empty'));
    await db.insert(
      'messages',
      { ...message('a1', 'system', part('text', { text: 'Rules' })), session_id: agent.id },
      { ...message('a2', 'user', part('text', { text: 'Search' })), session_id: agent.id },
      { ...message('a3', 'assistant', finish('canceled')), session_id: agent.id },
      { ...message('t1', 'user', part('text', { text: 'T' })), session_id: 'title-s1' },
      ...[prompt, message('m5', 'assistant', finish('error', { message: 'Overloaded' }))],
    );
    const { sessions, receipt } = await bring();
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m5');
    // The empty one counts, too.
    expect(await crush.count!(fileOnDisk(db.path))).toBe(3);
    expect(receipt.skipped).toEqual([
      { place: 'file', reason: 'left out 1 session that only made a title', isDamage: false },
    ]);
    expect(outlineOf(sessions[0]!.messages).at(-1)).toBe('assistant: raw');
    const { session: one, messages } = sessions[1]!;
    expect(one).toMatchObject({ title: 'Search', metadata: { history: { parentId: 's1' } } });
    expect(messages[0]!.parts).toMatchObject([{ text: 'Rules', isInjected: true }]);
    expect(messages[2]!.status).toBe('interrupted');
  });

  it('are kept without what is damaged, which is reported', async () => {
    const broken = { ...call, parts: '[{"type"' };
    await db.insert('messages', prompt, broken, { ...results, role: 'narrator' }, answer);
    const { sessions, receipt } = await bring();
    expect(receipt.skipped).toEqual([
      { place: 'message m8', reason: 'has no list of parts', isDamage: true },
      { place: 'message m7', reason: 'has the unknown role "narrator"', isDamage: true },
    ]);
    expect(sessions[0]!.messages).toHaveLength(2);
  });

  it('survive values of any type', async () => {
    const odd = [part('tool_call', { id: 1 }), part('tool_result', {}), { type: 5 }, 7, null];
    const more = [
      ...[part('binary', { Data: 'x' }), part('text', { text: '\0\ud800' }), part('reasoning', {})],
      ...[part('tool_result', { tool_call_id: '__proto__', content: 5 }), part('hologram', {})],
    ];
    const row = message('__proto__', 'assistant', ...(odd as JsonObject[]), ...more);
    await db.insert('messages', { ...row, created_at: 'never', model: 5 });
    const { receipt, store } = await bring();
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m1');
    expect(counts((await bring(store)).receipt)).toBe('+0 x0 f0 =1 m0');
  });
});
