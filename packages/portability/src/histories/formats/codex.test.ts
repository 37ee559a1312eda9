import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { textOf, type JsonObject, type Message, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { sessionsIn } from '@synapse/test/support/imported-histories';
import { codex } from './codex.ts';
import type { HistoryFile } from '../history.ts';
import type { HistoryReceipt } from '../history-receipt.ts';
import { importHistory } from '../import-histories.ts';

const START = Date.parse('2026-11-29T14:00:00Z');
const PARENT = '01a227c9-8125-77c1-8090-9b3705ced37a';
const CHILD = '01a227ca-c3ec-75b0-a25f-8ab7df8e78e7';
const GRANDCHILD = '01a227cb-0000-75b0-a25f-8ab7df8e78e7';

/** The files of a folder of Codex; each finds the others. `asked` gets the levels that were searched. */
function folderOf(contents: Record<string, Uint8Array | string>, asked: number[] = []) {
  const files: HistoryFile[] = Object.entries(contents).map(([path, content]) => {
    const bytes = Buffer.from(content);
    return {
      ...{ path, byteLength: bytes.byteLength, modifiedAt: new Date(START) },
      async *bytes() {
        yield bytes;
      },
      around(levelsUp = 0) {
        asked.push(levelsUp);
        const top = path
          .split('/')
          .slice(0, -1 - levelsUp)
          .join('/');
        return Promise.resolve(files.filter((file) => file.path.startsWith(`${top}/`)));
      },
    };
  });
  return (end: string): HistoryFile => files.find(({ path }) => path.endsWith(end))!;
}

/** A rollout whose lines are numbered from `first`. */
function rollout(id: string, meta: JsonObject, records: JsonObject[], first = 0): string {
  const head = { type: 'session_meta', payload: { id, cwd: '/work', ...meta } };
  return [head, ...records]
    .map((record, index) => ({
      ...{ timestamp: new Date(START + (first + index) * 1000).toISOString() },
      ...{ ordinal: first + index, ...record },
    }))
    .map((record) => JSON.stringify(record))
    .join('\n');
}

const item = (payload: JsonObject): JsonObject => ({ type: 'response_item', payload });
const event = (payload: JsonObject): JsonObject => ({ type: 'event_msg', payload });
const message = (role: string, id: string, text: string): JsonObject =>
  item({ type: 'message', id, role, content: [{ type: 'text', text }] });
const turn = (name: string): JsonObject[] => [
  message('user', `msg_${name}`, `Ask ${name}`),
  message('assistant', `answer_${name}`, `Answer ${name}`),
  event({ type: 'task_complete' }),
];
const base = (id: string, end: number): JsonObject => ({
  forked_from_id: id,
  history_base: { thread_id: id, end_ordinal_exclusive: end, end_byte_offset: 9 },
});

const day = '/home/.codex/sessions/2026/11/29';
const parentFile = rollout(PARENT, {}, [...turn('one'), ...turn('two'), ...turn('three')]);
// Takes the parent's first two turns.
const childFile = rollout(CHILD, base(PARENT, 7), turn('four'), 7);

const bring = (store: Store, file: HistoryFile): Promise<HistoryReceipt> =>
  importHistory(store, file, codex);

const textsOf = (messages: readonly Message[]) => messages.map(({ parts }) => textOf(parts));
const asked = (...names: string[]) => names.flatMap((name) => [`Ask ${name}`, `Answer ${name}`]);

async function sessionOf(store: Store, id: string) {
  const all = await sessionsIn(store);
  return all.find(({ session }) => (session.metadata.history as JsonObject).id === id)!;
}

/** A frame of Zstandard that holds a short text as it is. */
function zstd(text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32LE(content.byteLength, 5);
  head.writeUIntLE((content.byteLength << 3) | 1, 9, 3);
  return Buffer.concat([head, content]);
}

describe('an import of a fork of Codex that refers to its parent', () => {
  it.each([
    ['of the same day', `${day}/rollout-a-${PARENT}.jsonl`, parentFile],
    ['of another day', `/home/.codex/sessions/2025/01/02/rollout-a-${PARENT}.jsonl`, parentFile],
    ['that is archived', `/home/.codex/archived_sessions/rollout-a-${PARENT}.jsonl`, parentFile],
    ['that is compressed', `${day}/rollout-a-${PARENT}.jsonl.zst`, zstd(parentFile)],
  ])('copies the beginning of a parent %s', async (_, path, content) => {
    const store = createMemoryStore();
    const file = folderOf({ [path]: content, [`${day}/rollout-b-${CHILD}.jsonl`]: childFile });
    const plain = folderOf({ [path.replace('.zst', '')]: parentFile });
    await bring(store, plain(`${PARENT}.jsonl`));
    const receipt = await bring(store, file(`${CHILD}.jsonl`));
    expect(receipt).toMatchObject({ added: 1, messageCount: 6, skipped: [] });
    const parent = await sessionOf(store, PARENT);
    const child = await sessionOf(store, CHILD);
    expect(textsOf(parent.messages)).toEqual(asked('one', 'two', 'three'));
    expect(textsOf(child.messages)).toEqual(asked('one', 'two', 'four'));
    expect(child.session.forkedFrom).toEqual({
      sessionId: parent.session.id,
      messageId: parent.messages[3]!.id,
    });
    expect(child.messages.map(({ copyOf }) => copyOf)).toEqual([
      ...parent.messages.slice(0, 4).map(({ id }) => id),
      null,
      null,
    ]);
    expect(await bring(store, file(`${CHILD}.jsonl`))).toMatchObject({ added: 0, unchanged: 1 });
  });

  it('reads a chain of forks, also when one refers to a place before its parent begins', async () => {
    for (const [end, names] of [
      [10, ['one', 'two', 'four', 'five']],
      [4, ['one', 'five']],
    ] as const) {
      const store = createMemoryStore();
      const file = folderOf({
        [`${day}/rollout-a-${PARENT}.jsonl`]: parentFile,
        [`${day}/rollout-b-${CHILD}.jsonl`]: childFile,
        [`${day}/rollout-c-${GRANDCHILD}.jsonl`]: rollout(
          GRANDCHILD,
          base(CHILD, end),
          turn('five'),
          end,
        ),
      });
      await bring(store, file(`${GRANDCHILD}.jsonl`));
      const { messages } = await sessionOf(store, GRANDCHILD);
      expect(textsOf(messages)).toEqual(asked(...names));
    }
  });

  it('imports its own messages and says so when the parent is missing, or is in a circle', async () => {
    const circle = folderOf({
      [`${day}/rollout-a-${PARENT}.jsonl`]: rollout(PARENT, base(CHILD, 9), turn('one')),
      [`${day}/rollout-b-${CHILD}.jsonl`]: childFile,
    });
    const alone = folderOf({ [`${day}/rollout-b-${CHILD}.jsonl`]: childFile });
    for (const [file, names] of [
      [circle, ['one', 'four']],
      [alone, ['four']],
    ] as const) {
      const store = createMemoryStore();
      const { skipped } = await bring(store, file(`${CHILD}.jsonl`));
      expect(skipped).toMatchObject([{ reason: expect.stringContaining('is missing') }]);
      expect(textsOf((await sessionOf(store, CHILD)).messages)).toEqual(asked(...names));
    }
  });

  it('searches no folders that do not belong to Codex', async () => {
    const levels: number[] = [];
    const file = folderOf({ [`/home/me/rollout-b-${CHILD}.jsonl`]: childFile }, levels);
    await bring(createMemoryStore(), file(`${CHILD}.jsonl`));
    expect(levels).toEqual([0]);
  });

  it('leaves turns that the parent took back in the parent', async () => {
    const store = createMemoryStore();
    const back = event({ type: 'thread_rolled_back', num_turns: 1 });
    const records = [...turn('one'), ...turn('two'), back, ...turn('three')];
    const file = folderOf({
      [`${day}/rollout-a-${PARENT}.jsonl`]: rollout(PARENT, {}, records),
      [`${day}/rollout-b-${CHILD}.jsonl`]: rollout(CHILD, base(PARENT, 11), turn('four'), 11),
    });
    await bring(store, file(`${PARENT}.jsonl`));
    expect(await bring(store, file(`${CHILD}.jsonl`))).toMatchObject({ added: 1 });
    const { messages } = await sessionOf(store, CHILD);
    expect(textsOf(messages)).toEqual(asked('one', 'three', 'four'));
  });
});

describe('an import of a fork of Codex that holds copies', () => {
  // Older versions give items no ids.
  const said = (role: string, text: string): JsonObject =>
    item({ type: 'message', role, content: [{ type: 'text', text }] });
  const one = [said('user', 'Ask one'), said('assistant', 'Answer one')];
  const meta: JsonObject = { type: 'session_meta', payload: { id: PARENT } };
  const child = [meta, ...one, said('user', 'Ask two'), said('assistant', 'Answer two')];
  const file = folderOf({
    [`${day}/rollout-a-${PARENT}.jsonl`]: rollout(PARENT, {}, [...one, said('user', 'Ask more')]),
    [`${day}/rollout-b-${CHILD}.jsonl`]: rollout(CHILD, { forked_from_id: PARENT }, child, 500),
  });

  it.each([
    ['after', [PARENT, CHILD]],
    ['before', [CHILD, PARENT]],
  ])('recognises them without ids and with other times, %s its parent', async (_, order) => {
    const store = createMemoryStore();
    for (const id of order) await bring(store, file(`${id}.jsonl`));
    const [first, second] = await Promise.all(order.map((id) => sessionOf(store, id)));
    expect(second!.session.forkedFrom?.sessionId).toBe(first!.session.id);
    expect(second!.messages.map(({ copyOf }) => copyOf).slice(0, 2)).toEqual(
      first!.messages.slice(0, 2).map(({ id }) => id),
    );
    for (const id of order) {
      expect(await bring(store, file(`${id}.jsonl`))).toMatchObject({ added: 0, unchanged: 1 });
    }
  });
});

describe('an import of a rollout of Codex', () => {
  const importOne = async (records: JsonObject[], meta: JsonObject = {}) => {
    const store = createMemoryStore();
    const file = folderOf({ [`${day}/rollout-a-${PARENT}.jsonl`]: rollout(PARENT, meta, records) });
    const receipt = await bring(store, file('.jsonl'));
    return { store, receipt, ...(await sessionOf(store, PARENT)) };
  };

  it('makes a branch of turns that were taken back', async () => {
    const context = message('user', 'msg_context', '<environment_context>x');
    const { store } = await importOne([
      ...[context, ...turn('one'), ...turn('two'), ...turn('three')],
      event({ type: 'thread_rolled_back', num_turns: 2 }),
      ...turn('four'),
    ]);
    const all = await sessionsIn(store);
    const main = all.find((one) => one.session.forkedFrom === null)!;
    const branch = all.find((one) => one.session.forkedFrom !== null)!;
    expect(all).toHaveLength(2);
    expect(textsOf(main.messages).slice(1)).toEqual(asked('one', 'four'));
    expect(textsOf(branch.messages).slice(1)).toEqual(asked('one', 'two', 'three'));
    expect(branch.session.forkedFrom).toMatchObject({ sessionId: main.session.id });
  });

  it('takes back all turns, and continues at the beginning', async () => {
    const { store } = await importOne([
      ...turn('one'),
      event({ type: 'thread_rolled_back', num_turns: 9 }),
      ...turn('two'),
    ]);
    const all = await sessionsIn(store);
    expect(all.map(({ messages }) => textsOf(messages)).sort()).toEqual(
      [asked('two'), asked('one')].sort(),
    );
  });

  it('keeps an event only if no item says the same', async () => {
    const completed = (id: string, type: string, rest: JsonObject) =>
      event({ type: 'item_completed', item: { id, type, ...rest } });
    const { messages, receipt } = await importOne([
      event({ type: 'user_message', message: 'Ask one' }),
      message('user', 'msg_1', '# Context from my IDE setup:\n## My request for Codex:\nAsk one'),
      completed('other', 'UserMessage', { content: [{ type: 'text', text: 'Ask one' }] }),
      completed('rs_1', 'Reasoning', { summary_text: ['Hm'], raw_content: [] }),
      item({ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }] }),
      event({ type: 'agent_reasoning', text: 'Hm' }),
      item({ type: 'function_call', id: 'fc_1', name: 'shell', arguments: '{}', call_id: 'k1' }),
      completed('k1', 'CommandExecution', { command: ['ls'] }),
      event({ type: 'exec_command_end', call_id: 'k1' }),
      item({ type: 'function_call_output', call_id: 'k1', output: 'a' }),
      completed('review', 'ExitedReviewMode', { review: 'Looks good' }),
      event({ type: 'error', message: 'The server is busy.' }),
      event({ type: 'thread_settings_applied' }),
      event({ type: 'task_started' }),
      { type: 'inter_agent_communication', payload: { content: 'Go on' } },
      { type: 'token_usage_record', payload: {} },
      { type: 'world_state', payload: {} },
      event({ type: 'thread_name_updated', thread_name: 'A name' }),
    ]);
    const kinds = messages.map(({ parts }) =>
      parts.map((part) => (part.type === 'raw' ? part.kind : part.type)),
    );
    expect(kinds).toEqual([
      ['text'],
      ['reasoning', 'tool-call'],
      ['tool-result', 'item_completed', 'error', 'inter_agent_communication'],
    ]);
    expect(receipt.skipped.map(({ reason }) => reason)).toEqual([
      'left out 1 record of type "thread_settings_applied": not part of the conversation',
      'left out 1 record of type "world_state": not part of the conversation',
    ]);
  });

  it('keeps an event that no item repeats also among thousands', async () => {
    const text = (index: number) => `${'word '.repeat(30)}${index}`;
    const records = Array.from({ length: 1500 }, (_, index): JsonObject[] => {
      const said = event({ type: 'agent_message', message: text(index) });
      const alone = event({ type: 'agent_message', message: `alone ${index}` });
      // Each event before its item, and one far before it.
      const early = index === 0 ? [event({ type: 'agent_message', message: text(1499) })] : [];
      const repeated = [...early, said, message('assistant', `m${index}`, text(index))];
      return index % 300 === 7 ? [...repeated, alone] : repeated;
    }).flat();
    const file = folderOf({ '/a/r.jsonl': rollout(PARENT, {}, records) })('r.jsonl');
    const store = createMemoryStore();
    await bring(store, file);
    const [found] = await sessionsIn(store);
    const raw = found!.messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'raw'));
    expect(raw).toMatchObject(
      [7, 307, 607, 907, 1207].map((index) => ({ data: { message: `alone ${index}` } })),
    );
  });

  it('names the session by the name of the thread, and the parent of a subagent', async () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: 'p1', depth: 1 } } };
    const name = event({ type: 'thread_name_updated', thread_name: 'A name' });
    const { session } = await importOne([...turn('one'), name], { source });
    expect(session.title).toBe('A name');
    expect(session.metadata.history).toMatchObject({ parentId: 'p1' });
  });

  it('finds the last name of a thread in the list of Codex', async () => {
    const home = await mkdtemp(join(tmpdir(), 'codex-'));
    const folders = [join(home, 'sessions/2026/11/29'), join(home, 'archived_sessions')];
    const names = [
      { id: PARENT, thread_name: 'Old name' },
      { id: PARENT, thread_name: 'New name' },
      { id: CHILD, thread_name: `Not ${PARENT}` },
    ];
    try {
      await writeFile(
        join(home, 'session_index.jsonl'),
        names.map((one) => JSON.stringify(one)).join('\n'),
      );
      for (const folder of folders) {
        const path = join(folder, `rollout-a-${PARENT}.jsonl`);
        const file = folderOf({ [path]: rollout(PARENT, {}, turn('one')) });
        await mkdir(folder, { recursive: true });
        const store = createMemoryStore();
        await bring(store, file('.jsonl'));
        expect((await sessionOf(store, PARENT)).session.title).toBe('New name');
      }
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('sees failed commands of each version, and nothing in what a command writes', async () => {
    const outputs = [
      '{"output":"a","metadata":{"exit_code":2}}',
      'Exit code: 3\nWall time: 0 seconds\nOutput:\n',
      'Chunk ID: 81407b\nWall time: 0.0000 seconds\nProcess exited with code 1\nOutput:\n',
      'Exit code: 0\nOutput:\nProcess exited with code 1',
      '{"output":"{\\"metadata\\":{\\"exit_code\\":1}}","metadata":{"exit_code":0}}',
    ];
    const { messages } = await importOne(
      outputs.map((output, index) =>
        item({ type: 'function_call_output', call_id: `k${index}`, output }),
      ),
    );
    const results = messages.flatMap(({ parts }) => parts);
    expect(results.map((part) => part.type === 'tool-result' && part.isError)).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
  });

  it('keeps texts and images of a result, and marks an answer that was stopped', async () => {
    const image = { type: 'input_image', image_url: 'data:image/png;base64,aGFsbG8=' };
    const output = [{ type: 'input_text', text: 'A picture' }, image];
    const { messages } = await importOne([
      message('user', 'msg_1', 'Look'),
      item({ type: 'custom_tool_call', call_id: 'k1', name: 'view', input: 'x' }),
      item({ type: 'custom_tool_call_output', call_id: 'k1', output }),
      message('assistant', 'msg_2', 'I see'),
      event({ type: 'turn_aborted' }),
      message('user', 'msg_3', 'Go on'),
    ]);
    expect(messages[2]!.parts).toMatchObject([
      {
        ...{ type: 'tool-result', output: 'A picture' },
        attachments: [{ mediaType: 'image/png', byteLength: 5 }],
      },
    ]);
    expect(messages[3]).toMatchObject({ status: 'interrupted' });
  });

  it('reports a file without messages', async () => {
    const file = folderOf({ [`${day}/rollout-a-${PARENT}.jsonl`]: rollout(PARENT, {}, []) });
    const { skipped } = await bring(createMemoryStore(), file('.jsonl'));
    expect(skipped).toMatchObject([{ place: 'file', reason: 'has no messages' }]);
  });
});
