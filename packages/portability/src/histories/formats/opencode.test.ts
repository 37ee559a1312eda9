import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, Store } from '@synapse/core';
import { pi } from '@synapse/test/contracts/history-format/pi';
import { anyHistory } from '@synapse/test/contracts/history-format/written-history';
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
import fc from 'fast-check';
import { exportSessions } from '../../export-sessions.ts';
import { createOpencodeFormat } from '../../opencode-format.ts';
import { historyFilesIn } from '../history-files.ts';
import { countHistories, detectHistory } from '../history-formats.ts';
import type { HistoryFile } from '../history.ts';
import { asRecord } from '../json-values.ts';

const folder = temporaryFolder();
const START = Date.parse('2026-03-01T10:00:00Z');
const PNG = `data:image/png;base64,${Buffer.from('png').toString('base64')}`;

interface Message {
  info: JsonObject;
  parts: JsonObject[];
}

const info = (id: string, more: JsonObject = {}): JsonObject => ({
  ...{ id, slug: 'tidy-island', projectID: 'global', directory: '/work', title: `About ${id}` },
  ...{ version: '1.18.33', time: { created: START, updated: START }, ...more },
});

const user = (id: string, index: number, ...parts: JsonObject[]): Message => ({
  info: { id, role: 'user', time: { created: START + index }, agent: 'build' },
  parts,
});

const answer = (id: string, index: number, parts: JsonObject[], more: JsonObject = {}): Message => {
  const tokens = { input: 100, output: 20, reasoning: 5, cache: { read: 10, write: 0 } };
  const time = { created: START + index, completed: START + index + 1 };
  const model = { modelID: 'scripted-1', providerID: 'scripted' };
  return {
    info: { id, role: 'assistant', parentID: 'msg_1', time, tokens, ...model, ...more },
    parts,
  };
};

const text = (value: string, more: JsonObject = {}) => ({ type: 'text', text: value, ...more });
const tool = (callID: string, state: JsonObject) => ({ type: 'tool', tool: 'bash', callID, state });

/** A prompt with a file, an answer with three calls, and the last answer. */
const conversation: Message[] = [
  user(
    'msg_1',
    1,
    text('Called the Read tool', { synthetic: true }),
    { type: 'file', mime: 'image/png', url: PNG, filename: 'dot.png' },
    { type: 'file', mime: 'text/plain', url: 'file:///work/a.txt' },
    text('List the files'),
  ),
  answer('msg_2', 2, [
    { type: 'step-start', snapshot: 'abc' },
    { type: 'reasoning', text: 'A command.' },
    text('I run it.'),
    tool('call_1', {
      status: 'completed',
      input: { command: 'ls' },
      output: 'a',
      metadata: { exit: 0 },
    }),
    tool('call_2', { status: 'completed', input: {}, output: 'no', metadata: { exit: 2 } }),
    tool('call_3', { status: 'error', input: {}, error: 'Refused' }),
    { type: 'step-finish', reason: 'tool-calls', tokens: { input: 100, output: 20 } },
    { type: 'patch', hash: 'abc', files: ['/work/a'] },
  ]),
  answer('msg_3', 3, [{ type: 'step-start' }, text('Done.')]),
];

const outline = [
  'user: text image raw text Called the Read toolList the files',
  'assistant: reasoning text tool-call tool-call tool-call raw I run it.',
  'tool: tool-result tool-result tool-result',
  'assistant: text Done.',
];

const exported = (about: JsonObject, messages: Message[]) =>
  JSON.stringify({ info: about, messages }, null, 2);

let db: ForeignDatabase;

beforeEach(async () => {
  db = await ForeignDatabase.create(
    folder,
    'opencode.db',
    `create table project (id text primary key, worktree text);
     create table credential (id text primary key, value text);
     create table session (id text primary key, project_id text, parent_id text, directory text, title text, version text,
       revert text, model text, time_created integer, time_updated integer, time_archived integer);
     create table message (id text primary key, session_id text, time_created integer, data text);
     create table part (id text primary key, message_id text, session_id text, time_created integer, data text);`,
  );
});
afterEach(() => db.close());

async function insert(about: JsonObject, messages: Message[], more = {}): Promise<void> {
  const { id, directory, title, version } = about as Record<string, string>;
  const row = {
    id: id!,
    project_id: 'global',
    directory: directory!,
    title: title!,
    version: version!,
  };
  await db.insert('session', { ...row, time_created: START, ...more });
  for (const { info: data, parts } of messages) await insertMessage(id!, data, parts);
}

async function insertMessage(session: string, data: JsonObject, parts: JsonObject[]) {
  const { id, ...rest } = data as JsonObject & { id: string };
  await db.insert('message', { id, session_id: session, data: JSON.stringify(rest) });
  for (const [index, part] of parts.entries()) {
    const row = { id: `prt_${id}_${index}`, message_id: id, session_id: session };
    await db.insert('part', { ...row, data: JSON.stringify(part) });
  }
}

/** The folder of small files; gives the path of the file of the session. */
function writeTree(about: JsonObject, messages: Message[]): string {
  const write = (path: string, value: JsonObject) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(value));
  };
  const session = about.id as string;
  rmSync(join(folder, 'storage'), { recursive: true, force: true });
  const path = `storage/session/global/${session}.json`;
  write(path, about);
  for (const { info: data, parts } of messages) {
    const id = data.id as string;
    write(`storage/message/${session}/${id}.json`, { ...data, sessionID: session });
    for (const [index, part] of parts.entries()) {
      const ids = { id: `prt_${index}`, sessionID: session, messageID: id };
      write(`storage/part/${id}/prt_${index}.json`, { ...ids, ...part });
    }
  }
  return join(folder, path);
}

/** What Synapse exports for opencode of a session. */
async function exportOf(store: Store, id: string): Promise<string> {
  let text = '';
  const sessions = [(await store.sessions.get(id))!];
  for await (const piece of exportSessions(store, sessions, { format: createOpencodeFormat() })) {
    text += piece;
  }
  return text;
}

/** The conversation in an export, without ids and times. */
function contentOf(text: string) {
  const { messages } = JSON.parse(text) as { messages: Message[] };
  return messages.map(({ info: { role, modelID, tokens }, parts }) => ({
    ...{ role, modelID, tokens },
    parts: parts.map((part) => {
      const { status, input, output, error } = asRecord(part.state ?? null);
      return {
        type: part.type,
        text: part.text,
        tool: part.tool,
        url: part.url,
        status,
        input,
        output,
        error,
      };
    }),
  }));
}

describe('the sessions of opencode', () => {
  it('come back whole from what Synapse exports', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (history) => {
        const written = await importText('pi.jsonl', String(await pi.write([history])));
        const before = await exportOf(written.store, written.sessions[0]!.session.id);
        const { sessions, receipt, store: imported } = await importText('export.json', before);
        expect(receipt.skipped.filter(({ isDamage }) => isDamage)).toEqual([]);
        const after = await exportOf(imported, sessions[0]!.session.id);
        expect(contentOf(after)).toEqual(contentOf(before));
      }),
    );
  });

  it('are the same in the database, in the folder of files and in an export', async () => {
    await insert(info('ses_1'), conversation);
    const { store, receipt, sessions } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([]);
    const [{ session, messages }] = sessions as [(typeof sessions)[0]];
    expect(outlineOf(messages)).toEqual(outline);
    expect(session).toMatchObject({
      ...{ title: 'About ses_1', origin: 'opencode', workingDirectory: '/work' },
      ...{ model: 'scripted-1', provider: 'scripted', createdAt: new Date(START) },
      // The first answer by its step, the second by its message.
      ...{ inputTokens: 100 + 110, outputTokens: 20 + 25 },
    });
    expect(messages[0]!.parts).toMatchObject([
      { isInjected: true },
      { attachment: { name: 'dot.png', mediaType: 'image/png' } },
      { kind: 'file', data: { url: 'file:///work/a.txt' } },
      {},
    ]);
    expect(messages[2]!.parts).toMatchObject([
      { id: 'call_1', name: 'bash', output: 'a', isError: false },
      { id: 'call_2', output: 'no', isError: true },
      { id: 'call_3', output: 'Refused', isError: true },
    ]);
    const tree = writeTree(info('ses_1'), conversation);
    expect(counts((await importFile(fileOnDisk(tree), store)).receipt)).toBe('+0 x0 f0 =1 m0');
    const json = exported(info('ses_1'), conversation);
    expect(counts((await importText('a.json', json, store)).receipt)).toBe('+0 x0 f0 =1 m0');
    // And each of them alone is whole.
    for (const file of [fileOnDisk(tree), historyFile('a.json', json)]) {
      const alone = await importFile(file);
      expect(outlineOf(alone.sessions[0]!.messages)).toEqual(outline);
      expect(alone.sessions[0]!.session).toEqual({ ...session, metadata: expect.anything() });
    }
  });

  it('share the messages that a fork has copied under new ids', async () => {
    await insert(info('ses_1'), conversation);
    const renamed = conversation.map(({ info: data, parts }) => ({
      info: { ...data, id: `${data.id as string}_copy` },
      parts,
    }));
    await insert(info('ses_2'), [...renamed, user('msg_9', 9, text('More'))]);
    const { sessions, receipt } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m9');
    const [one, two] = sessions as [(typeof sessions)[0], (typeof sessions)[0]];
    expect(two.session).toMatchObject({
      forkedFrom: { sessionId: one.session.id },
      inputTokens: 0,
    });
    expect(two.messages.map(({ copyOf }) => copyOf)).toEqual([
      ...one.messages.map(({ id }) => id),
      null,
    ]);
  });

  it('of subagents that began in the same millisecond are apart, with their parent', async () => {
    const task = (id: string, prompt: string) => [
      user(`msg_${id}1`, 1, text(prompt)),
      answer(`msg_${id}2`, 2, [text('Done')]),
    ];
    await insert(info('ses_1'), task('a', 'One'), { parent_id: 'ses_0', time_archived: START });
    await insert(info('ses_2'), task('b', 'Two'), { parent_id: 'ses_0' });
    const { sessions } = await importFile(fileOnDisk(db.path));
    expect(sessions.map(({ session }) => session.forkedFrom)).toEqual([null, null]);
    expect(sessions[0]!.session).toMatchObject({
      archived: true,
      metadata: { history: { parentId: 'ses_0' } },
    });
  });

  it('grow: an answer under way is completed, and new messages are added', async () => {
    const running = tool('call_1', { status: 'running', input: { command: 'ls' } });
    const open = { time: { created: START + 2 }, tokens: {} };
    await insert(info('ses_1'), [conversation[0]!, answer('msg_2', 2, [text('I'), running], open)]);
    const { store, receipt, sessions } = await importFile(fileOnDisk(db.path));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
    expect(sessions[0]!.messages[1]!.status).toBe('interrupted');
    await db.run(
      `delete from message where id = 'msg_2'; delete from part where message_id = 'msg_2'`,
    );
    for (const { info: data, parts } of conversation.slice(1)) {
      await insertMessage('ses_1', data, parts);
    }
    const grown = await importFile(fileOnDisk(db.path), store);
    expect(counts(grown.receipt)).toBe('+0 x1 f0 =0 m3');
    expect(outlineOf(grown.sessions[0]!.messages)).toEqual(outline);
    expect(counts((await importFile(fileOnDisk(db.path), store)).receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('are open while an answer has no end', async () => {
    const open = answer('msg_2', 2, [text('I am')], { time: { created: START + 2 } });
    const { sessions } = await importText(
      'a.json',
      exported(info('ses_1'), [conversation[0]!, open]),
    );
    expect(sessions[0]!.messages[1]!.status).toBe('interrupted');
  });

  it('have the steps of one answer apart, and aborted and undone messages marked', async () => {
    const done = (id: string) => tool(id, { status: 'completed', input: {}, output: 'x' });
    const start = { type: 'step-start' };
    const steps = [start, done('c1'), { type: 'step-finish' }, start, text('Next'), done('c2')];
    const error = { error: { name: 'MessageAbortedError', data: { message: 'Stop' } } };
    await insert(
      info('ses_1', { title: 'New session - 2026-03-01T10:00:00.000Z' }),
      [user('msg_1', 1, text('Go')), answer('msg_2', 2, [...steps, start, text('Last')], error)],
      { revert: JSON.stringify({ messageID: 'msg_2' }) },
    );
    const { sessions, receipt } = await importFile(fileOnDisk(db.path));
    expect(outlineOf(sessions[0]!.messages)).toEqual([
      'user: text Go',
      'assistant: tool-call',
      'tool: tool-result',
      'assistant: text tool-call Next',
      'tool: tool-result',
      'assistant: text raw Last',
    ]);
    expect(sessions[0]!.messages.map(({ status }) => status).at(-1)).toBe('interrupted');
    expect(sessions[0]!.session).toMatchObject({ title: 'Go', inputTokens: 110 });
    expect(receipt.skipped).toMatchObject([{ place: 'session ses_1', isDamage: false }]);
  });

  it('are kept without the messages that are damaged, which are reported', async () => {
    await insert(info('ses_1'), conversation);
    await db.run(`update message set data = '{' where id = 'msg_2';
      update part set data = 'x' where id = 'prt_msg_1_0';
      update message set data = '{"role":"system"}' where id = 'msg_3'`);
    await db.insert('part', { id: 'p', message_id: 'gone', session_id: 'ses_1', data: '{}' });
    const { receipt, sessions } = await importFile(fileOnDisk(db.path));
    expect(outlineOf(sessions[0]!.messages)).toEqual(['user: image raw text List the files']);
    expect(receipt.skipped).toEqual([
      { place: 'part prt_msg_1_0', reason: 'is not valid JSON', isDamage: true },
      { place: 'message msg_2', reason: 'is not valid JSON', isDamage: true },
      { place: 'message gone', reason: 'is missing: left out 1 part of it', isDamage: true },
      { place: 'message msg_3', reason: 'has the unknown role "system"', isDamage: true },
    ]);
    const tree = writeTree(info('ses_1'), conversation);
    writeFileSync(join(folder, 'storage/message/ses_1/msg_2.json'), '{"id"');
    const damaged = await importFile(fileOnDisk(tree));
    expect(damaged.receipt.skipped).toEqual([
      { place: join('message/ses_1/msg_2.json'), reason: 'is not valid JSON', isDamage: true },
    ]);
    expect(damaged.sessions[0]!.messages).toHaveLength(2);
  });

  it('are read from an archive of the folder of files', async () => {
    const tree = writeTree(info('ses_1'), conversation);
    const members: HistoryFile[] = [];
    const noSkip = () => undefined;
    for await (const file of historyFilesIn(join(folder, 'storage'), noSkip)) {
      const path = file.path.replace(folder, 'backup.zip');
      members.push({ ...file, path, around: () => Promise.resolve(members) });
    }
    const member = members.find(({ path }) => path.endsWith(basename(tree)))!;
    const { sessions, receipt } = await importFile(member);
    expect(receipt.skipped).toEqual([]);
    expect(outlineOf(sessions[0]!.messages)).toEqual(outline);
  });

  it('are counted without being read', async () => {
    await insert(info('ses_1'), conversation);
    await insert(info('ses_2'), []);
    const tree = writeTree(info('ses_1'), conversation);
    const part = join(folder, 'storage/part/msg_1/prt_0.json');
    const files = [db.path, `${db.path}-wal`, tree, part].map(fileOnDisk);
    const counted = files.map((file) => countHistories(file, 'opencode'));
    expect(await Promise.all(counted)).toEqual([2, 0, 1, 0]);
  });

  it('get the messages that were damaged once these can be read', async () => {
    await insert(info('ses_1'), conversation);
    await db.run(`update part set data = '[' || data where id = 'prt_msg_2_3'`);
    const { store, sessions } = await importFile(fileOnDisk(db.path));
    expect(outlineOf(sessions[0]!.messages)[2]).toBe('tool: tool-result tool-result');
    await db.run(`update part set data = substr(data, 2) where id = 'prt_msg_2_3'`);
    const mended = await importFile(fileOnDisk(db.path), store);
    expect(outlineOf(mended.sessions[0]!.messages)).toEqual(outline);
    expect(mended.receipt).toMatchObject({ added: 0, forked: 1 });
  });

  it('are files of their own tool', async () => {
    const tree = writeTree(info('ses_1'), conversation);
    const other = historyFile(tree, '{"id":"other"}');
    expect(await detectHistory(other)).toBeUndefined();
    expect(await detectHistory(historyFile('a.json', '{"info":{"id":"x"}}'))).toBeUndefined();
  });

  it('survive values of any type', async () => {
    const odd: Message[] = [
      { info: { role: 'user', time: 'never', system: 5, id: 7 }, parts: [] },
      {
        info: { role: 'assistant', time: { created: -1 }, tokens: [], error: 'x', id: '__proto__' },
        parts: [
          { type: 'tool', state: 'x' },
          { type: 'file', url: 'data:,' },
          { type: 5 },
          { type: 'text', text: '\0\ud800' },
          {
            type: 'tool',
            callID: 'c',
            tool: 'toString',
            state: { status: 'completed', attachments: [1] },
          },
        ],
      },
    ];
    const about = { id: 'ses_x', time: [], title: {}, revert: 'x', model: 3 };
    const { receipt, store } = await importText('a.json', exported(about, odd));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m3');
    const again = await importText('a.json', exported(about, odd), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });
});
