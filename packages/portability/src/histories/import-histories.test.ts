import { describe, expect, it } from '@jest/globals';
import {
  InvalidDataError,
  SessionBusyError,
  textOf,
  type JsonObject,
  type Message,
  type Store,
} from '@synapse/core';
import { SessionConflictError } from '@synapse/core/store-kit';
import { createMemoryStore } from '@synapse/storage-memory';
import { sessionsIn } from '@synapse/test/support/imported-histories';
import { aMessage } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { digestSession } from '../digest-session.ts';
import { chatgpt } from './formats/chatgpt.ts';
import type { History, HistoryFile, HistoryFormat, HistoryNode } from './history.ts';
import { detectHistory } from './history-formats.ts';
import type { HistoryReceipt } from './history-receipt.ts';
import { importHistory } from './import-histories.ts';

const START = Date.parse('2026-03-01T10:00:00Z');
const at = (index: number) => new Date(START + index * 1000).toISOString();

function fileOf(path: string, text: string): HistoryFile {
  const bytes = Buffer.from(text);
  return {
    ...{ path, byteLength: bytes.byteLength, modifiedAt: new Date(START) },
    async *bytes() {
      // Cut anywhere, as streams are.
      for (let start = 0; start < bytes.byteLength; start += 997) {
        yield bytes.subarray(start, start + 997);
      }
    },
  };
}

const lines = (...records: JsonObject[]) =>
  records.map((record) => JSON.stringify(record)).join('\n');

async function bring(store: Store, file: HistoryFile): Promise<HistoryReceipt> {
  const format = await detectHistory(file);
  if (!format) throw new Error('No format was recognised.');
  return importHistory(store, file, format, {});
}

async function* pages(messages: Message[]): AsyncGenerator<Message[]> {
  yield messages;
}

async function digestOf(store: Store): Promise<string[]> {
  const all = await sessionsIn(store);
  return Promise.all(all.map(({ session, messages }) => digestSession(session, pages(messages))));
}

const outline = (messages: readonly Message[]) =>
  messages.map(({ role, parts }) =>
    `${role}: ${parts.map(({ type }) => type).join(' ')} ${textOf(parts)}`.trim(),
  );

function inARow(texts: readonly string[]): [text: string, parent: string | null][] {
  return texts.map((text, index) => [text, texts[index - 1] ?? null]);
}

/** A format whose files are one conversation of prompts, each with the one before it. */
function treeFormat(
  prompts: readonly [text: string, parent: string | null][],
  rest: Partial<History> = {},
): HistoryFormat {
  return {
    ...{ tool: 'x', detects: () => true },
    async *read() {
      const createdAt = new Date(START);
      const nodes = prompts.map(([text, parentId]): HistoryNode => ({
        ...{ id: text, parentId, role: 'user', createdAt },
        parts: [{ type: 'text', text }],
      }));
      yield { id: 'one', title: null, createdAt, nodes, ...rest };
    },
  };
}

/** A prompt, parallel tool calls, their results on branches of the chain, and an answer. */
const claudeLines: JsonObject[] = [
  {
    type: 'user',
    uuid: 'u1',
    parentUuid: null,
    message: { role: 'user', content: 'List the files' },
  },
  reply('a1', 'u1', 'msg_1', {
    type: 'tool_use',
    id: 't1',
    name: 'Bash',
    input: { command: 'ls' },
  }),
  reply('a2', 'a1', 'msg_1', { type: 'tool_use', id: 't2', name: 'Read', input: { path: 'a' } }),
  result('r1', 'a1', 't1', 'a b'),
  result('r2', 'a2', 't2', 'content'),
  reply('a3', 'r2', 'msg_2', { type: 'text', text: 'There are two.' }),
  { type: 'mode', mode: 'plan', sessionId: 's1' },
].map((record, index) => ({ sessionId: 's1', cwd: '/work', timestamp: at(index), ...record }));

/** The copy that older versions of Claude Code make to resume: new ids and times, and texts as blocks. */
function copyOfClaude(records: readonly JsonObject[]): JsonObject[] {
  return records.map((record) => {
    const { message, uuid, parentUuid } = record;
    const { content } = (message ?? {}) as JsonObject;
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    return {
      ...{ ...record, sessionId: 's2', timestamp: at(500) },
      ...(typeof uuid === 'string' && { uuid: `copy ${uuid}` }),
      ...(typeof parentUuid === 'string' && { parentUuid: `copy ${parentUuid}` }),
      ...(message !== undefined && { message: { ...(message as JsonObject), content: blocks! } }),
    };
  });
}

function reply(uuid: string, parentUuid: string, id: string, block: JsonObject): JsonObject {
  const usage = { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 3 };
  const message = { id, role: 'assistant', model: 'claude-opus-5', content: [block], usage };
  return { type: 'assistant', uuid, parentUuid, message };
}

function result(uuid: string, parentUuid: string, id: string, content: string): JsonObject {
  const block = { type: 'tool_result', tool_use_id: id, content };
  return { type: 'user', uuid, parentUuid, message: { role: 'user', content: [block] } };
}

const codexLines: JsonObject[] = [
  {
    type: 'session_meta',
    payload: { id: 'c1', timestamp: at(0), cwd: '/work', cli_version: '0.60.1' },
  },
  item({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: '<environment_context>x' }],
  }),
  { type: 'turn_context', payload: { model: 'gpt-5-codex' } },
  item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Run it' }] }),
  item({ type: 'function_call', name: 'shell', arguments: '{"command":["ls"]}', call_id: 'k1' }),
  item({
    type: 'function_call_output',
    call_id: 'k1',
    output: '{"output":"a","metadata":{"exit_code":1}}',
  }),
  item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done' }] }),
  tokens(100),
  tokens(100),
].map((record, index) => ({ timestamp: at(index), ...record }));

function item(payload: JsonObject): JsonObject {
  return { type: 'response_item', payload };
}

function tokens(total: number): JsonObject {
  const last = { input_tokens: 90, cached_input_tokens: 40, output_tokens: 10 };
  const info = { total_token_usage: { total_tokens: total }, last_token_usage: last };
  return { type: 'event_msg', payload: { type: 'token_count', info } };
}

/** Two answers to one question; the second is the active one. */
function chatgptExport(activeId: string): string {
  const node = (id: string, parent: string | null, role: string, text: string) => ({
    ...{ id, parent, children: [] },
    message: text && {
      ...{ id, author: { role }, create_time: START / 1000, recipient: 'all' },
      content: { content_type: 'text', parts: [text] },
    },
  });
  const nodes = [
    node('root', null, 'system', ''),
    node('q', 'root', 'user', 'Why?'),
    node('a', 'q', 'assistant', 'First answer'),
    node('b', 'q', 'assistant', 'Second answer'),
  ];
  const mapping = Object.fromEntries(nodes.map((one) => [one.id, one]));
  const conversation = { conversation_id: 'g1', title: 'Reasons', create_time: START / 1000 };
  return `\uFEFF${JSON.stringify([{ ...conversation, mapping, current_node: activeId }])}`;
}

describe('an import of histories', () => {
  it('joins the lines of an answer of Claude Code, and the results of parallel calls', async () => {
    const store = createMemoryStore();
    const receipt = await bring(store, fileOf('s1.jsonl', lines(...claudeLines)));
    const [one] = await sessionsIn(store);
    expect(outline(one!.messages)).toEqual([
      'user: text List the files',
      'assistant: tool-call tool-call',
      'tool: tool-result tool-result',
      'assistant: text There are two.',
    ]);
    expect(one!.session).toMatchObject({
      ...{ title: 'List the files', origin: 'claude-code', workingDirectory: '/work' },
      ...{ model: 'claude-opus-5', inputTokens: 30, outputTokens: 6 },
    });
    expect(receipt.skipped).toMatchObject([{ place: 'file', isDamage: false }]);
  });

  it('reads items, figures and failures of Codex, and marks injected text', async () => {
    const store = createMemoryStore();
    await bring(store, fileOf('rollout-c1.jsonl', lines(...codexLines)));
    const [one] = await sessionsIn(store);
    expect(one!.messages.map(({ role }) => role)).toEqual([
      'user',
      'user',
      'assistant',
      'tool',
      'assistant',
    ]);
    expect(one!.messages[0]!.parts).toMatchObject([{ isInjected: true }]);
    expect(one!.messages[3]!.parts).toMatchObject([{ name: 'shell', isError: true }]);
    expect(one!.session).toMatchObject({
      ...{ title: 'Run it', origin: 'codex', model: 'gpt-5-codex' },
      ...{ inputTokens: 90, outputTokens: 10 },
    });
  });

  it('makes a fork of each other branch, and keeps its main session when the choice changes', async () => {
    const store = createMemoryStore();
    const first = await bring(store, fileOf('conversations.json', chatgptExport('b')));
    expect(first).toMatchObject({ tool: 'chatgpt', added: 2, messageCount: 4 });
    const all = await sessionsIn(store);
    const main = all.find(({ session }) => session.forkedFrom === null)!;
    const fork = all.find(({ session }) => session.forkedFrom !== null)!;
    expect(outline(main.messages)).toEqual(['user: text Why?', 'assistant: text Second answer']);
    expect(outline(fork.messages)).toEqual(['user: text Why?', 'assistant: text First answer']);
    expect(fork.session.forkedFrom?.sessionId).toBe(main.session.id);
    const before = await digestOf(store);
    expect(await bring(store, fileOf('conversations.json', chatgptExport('a')))).toMatchObject({
      ...{ added: 0, extended: 0, forked: 0, unchanged: 2 },
    });
    expect(await digestOf(store)).toEqual(before);
  });

  it('reads messages of Claude.ai with and without blocks', async () => {
    const store = createMemoryStore();
    const message = (sender: string, text: string, content: JsonObject[] = []) => ({
      ...{ uuid: `${sender}-${text}`, sender, text, content, created_at: at(1) },
      attachments: [{ file_name: 'a.txt', extracted_content: 'inside' }],
    });
    const call = { type: 'tool_use', id: null, name: 'search', input: { q: 'x' } };
    const found = { type: 'tool_result', tool_use_id: null, name: 'search', content: 'y' };
    const chat = {
      ...{ uuid: 'l1', name: 'Search', created_at: at(0) },
      chat_messages: [message('human', 'Find x'), message('assistant', 'lossy', [call, found])],
    };
    await bring(
      store,
      fileOf('conversations.json', JSON.stringify([chat, { uuid: 'l2', chat_messages: [] }])),
    );
    const [one] = await sessionsIn(store);
    expect(outline(one!.messages)).toEqual([
      'user: text file Find x',
      'assistant: tool-call',
      'tool: tool-result',
      'assistant: file',
    ]);
  });

  it('adds the new messages of a file that has grown, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          ['s1.jsonl', claudeLines] as const,
          ['rollout-c1.jsonl', codexLines] as const,
        ),
        fc.nat(100),
        async ([path, records], percent) => {
          const count = 2 + Math.floor(((records.length - 2) * percent) / 100);
          const grown = createMemoryStore();
          await bring(grown, fileOf(path, lines(...records.slice(0, count))));
          await bring(grown, fileOf(path, lines(...records)));
          const again = await bring(grown, fileOf(path, lines(...records)));
          expect({ ...again, skipped: [] }).toMatchObject({
            added: 0,
            extended: 0,
            messageCount: 0,
          });
          const ids = (await sessionsIn(grown)).flatMap(({ messages }) =>
            messages.map(({ id }) => id),
          );
          expect(new Set(ids).size).toBe(ids.length);
          const atOnce = createMemoryStore();
          await bring(atOnce, fileOf(path, lines(...records)));
          const texts = async (store: Store) =>
            (await sessionsIn(store)).map(({ messages }) => outline(messages));
          expect(await texts(grown)).toEqual(await texts(atOnce));
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each([
    [
      'with the same ids',
      (records: JsonObject[]) => records.map((one) => ({ ...one, sessionId: 's2' })),
    ],
    ['with other ids and times', copyOfClaude],
  ])('recognises the copy of a history %s', async (_, copied) => {
    const store = createMemoryStore();
    await bring(store, fileOf('s1.jsonl', lines(...claudeLines)));
    const prompt = { type: 'user', uuid: 'u9', parentUuid: 'a3', timestamp: at(9) };
    const copies = [...claudeLines, { ...prompt, message: { role: 'user', content: 'And now?' } }];
    await bring(store, fileOf('s2.jsonl', lines(...copied(copies))));
    const all = await sessionsIn(store);
    const fork = all.find(({ session }) => session.forkedFrom !== null)!;
    const main = all.find(({ session }) => session.forkedFrom === null)!;
    expect(fork.messages.map(({ copyOf }) => copyOf)).toEqual([
      ...main.messages.map(({ id }) => id),
      null,
    ]);
    // Copied answers are not paid for again.
    expect(fork.session.inputTokens).toBe(0);
  });

  it('recognises a prompt when the tool has added a record to it', async () => {
    const store = createMemoryStore();
    const [prompt, ...rest] = claudeLines as [JsonObject, ...JsonObject[]];
    const note = { type: 'attachment', uuid: 'n1', parentUuid: 'u1', attachment: { type: 'todo' } };
    await bring(store, fileOf('s1.jsonl', lines(prompt)));
    const receipt = await bring(store, fileOf('s1.jsonl', lines(prompt, note, ...rest)));
    expect(receipt).toMatchObject({ added: 0, extended: 1, forked: 0, messageCount: 3 });
  });

  it('recognises an answer without an id when more of it has been written', async () => {
    const store = createMemoryStore();
    const begun = [
      codexLines[3]!,
      item({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] }),
    ];
    const said = item({ type: 'message', role: 'assistant', content: [{ text: 'Done' }] });
    await bring(store, fileOf('rollout-c1.jsonl', lines(codexLines[0]!, ...begun)));
    const grown = await bring(
      store,
      fileOf('rollout-c1.jsonl', lines(codexLines[0]!, ...begun, said)),
    );
    expect(grown).toMatchObject({ added: 0, extended: 1, forked: 0 });
    expect(outline((await sessionsIn(store))[0]!.messages)).toEqual([
      'user: text Run it',
      'assistant: reasoning text Done',
    ]);
  });

  it('joins prompts that are the same, and keeps each answer to them', async () => {
    const store = createMemoryStore();
    const again = [
      { ...claudeLines[0]!, uuid: 'u2', timestamp: at(20) },
      reply('b1', 'u2', 'msg_8', { type: 'text', text: 'No files.' }),
      { ...claudeLines[0]!, uuid: 'u3', timestamp: at(30) },
    ].map((record) => ({ sessionId: 's1', timestamp: at(21), ...record }));
    const file = fileOf('s1.jsonl', lines(...claudeLines, ...again));
    expect(await bring(store, file)).toMatchObject({ added: 2, messageCount: 6 });
    expect(await bring(store, file)).toMatchObject({ added: 0, extended: 0, forked: 0 });
    const all = await sessionsIn(store);
    expect(all.map(({ messages }) => outline(messages)[0])).toEqual([
      'user: text List the files',
      'user: text List the files',
    ]);
  });

  it('keeps both of two answers that begin in the same way', async () => {
    const store = createMemoryStore();
    const back = { type: 'event_msg', payload: { type: 'thread_rolled_back', num_turns: 1 } };
    const said = (text: string) =>
      item({ type: 'message', role: 'assistant', content: [{ text: 'Well' }, { text }] });
    const records = [
      codexLines[0]!,
      codexLines[3]!,
      said('one'),
      back,
      codexLines[3]!,
      said('two'),
    ];
    await bring(store, fileOf('rollout-c1.jsonl', lines(...records)));
    const ends = (await sessionsIn(store)).map(({ messages }) => messages.at(-1)!);
    expect(outline(ends).sort()).toEqual([
      'assistant: text text Wellone',
      'assistant: text text Welltwo',
    ]);
    expect(ends.map(({ copyOf }) => copyOf)).toEqual([null, null]);
  });

  it('keeps a fork as it is when its original is purged', async () => {
    const store = createMemoryStore();
    const copy = claudeLines.map((record) => ({ ...record, sessionId: 's2' }));
    const prompt = { type: 'user', uuid: 'u9', parentUuid: 'a3', timestamp: at(9) };
    const file = fileOf(
      's2.jsonl',
      lines(...copy, { ...prompt, message: { content: 'And now?' } }),
    );
    await bring(store, fileOf('s1.jsonl', lines(...claudeLines)));
    await bring(store, file);
    const main = (await sessionsIn(store)).find(({ session }) => session.forkedFrom === null)!;
    await store.sessions.purge([main.session.id]);
    const before = await digestOf(store);
    expect(await bring(store, file)).toMatchObject({ added: 0, forked: 0, unchanged: 1 });
    expect(await digestOf(store)).toEqual(before);
  });

  it('reports damage with its line, and a last line that is cut off as unfinished', async () => {
    const store = createMemoryStore();
    const [first, ...rest] = claudeLines;
    const text = `${lines(first!)}\n{"type":\n${lines(...rest)}\n{"type":"us`;
    const { skipped, added } = await bring(store, fileOf('s1.jsonl', text));
    expect(added).toBe(1);
    expect(skipped.filter(({ place }) => place !== 'file')).toEqual([
      { place: 'line 2', reason: 'is not valid JSON', isDamage: true },
      { place: 'line 9', reason: 'is cut off: the file may still be written', isDamage: false },
    ]);
  });

  it('skips a session that another process holds, and imports the others', async () => {
    const store = createMemoryStore();
    await bring(store, fileOf('conversations.json', chatgptExport('b')));
    const grown = chatgptExport('b').replaceAll('"Reasons"', '"Renamed"');
    const chats = JSON.parse(grown.slice(1)) as JsonObject[];
    const more = { ...chats[0]!, conversation_id: 'g2' };
    const longer = structuredClone(chats[0]!) as { mapping: Record<string, JsonObject> };
    const message = { id: 'c', author: { role: 'user' }, content: { parts: ['More'] } };
    longer.mapping.c = { id: 'c', parent: 'b', message };
    const file = fileOf('conversations.json', JSON.stringify([longer, more]));
    const hold = () => Promise.reject(new SessionBusyError('Held elsewhere.'));
    const receipt = await importHistory(store, file, chatgpt, { hold });
    expect(receipt.skipped).toMatchObject([{ reason: 'Held elsewhere.', isDamage: true }]);
    expect(receipt).toMatchObject({ sessionCount: 4, added: 2, unchanged: 1, leftOut: 1 });
  });

  it('finds a session that another process imports at the same moment', async () => {
    const store = createMemoryStore();
    const file = fileOf('conversations.json', chatgptExport('b'));
    const add = store.transfer.addSession.bind(store.transfer);
    store.transfer.addSession = async (session, pages, options) => {
      await add(session, pages, options);
      throw new SessionConflictError('Another session has this id.');
    };
    const receipt = await bring(store, file);
    expect(receipt).toMatchObject({ sessionCount: 2, unchanged: 2, leftOut: 0, skipped: [] });
  });

  it('names a conversation that is empty, and one that a store refuses, and imports the others', async () => {
    const historyOf = (id: string, ...texts: string[]): History => ({
      ...{ id, title: id, createdAt: new Date(START) },
      nodes: texts.map((text) => ({
        ...{ id: `${id} ${text}`, parentId: null, role: 'user', createdAt: new Date(START) },
        parts: [{ type: 'text', text }],
      })),
    });
    const format: HistoryFormat = {
      ...{ tool: 'x', detects: () => true },
      async *read() {
        yield* [historyOf('empty'), historyOf('refused', 'One'), historyOf('whole', 'Two')];
      },
    };
    const store = createMemoryStore();
    const add = store.transfer.addSession.bind(store.transfer);
    store.transfer.addSession = async (session, ...rest) => {
      if (session.title === 'refused') throw new InvalidDataError('A text is too strange.');
      return add(session, ...rest);
    };
    const receipt = await importHistory(store, fileOf('x', ''), format);
    expect(receipt).toMatchObject({ sessionCount: 3, added: 1, leftOut: 2 });
    expect(receipt.skipped).toEqual([
      { place: 'session empty', reason: 'has no messages', isDamage: false },
      { place: expect.any(String), reason: 'A text is too strange.', isDamage: true },
    ]);
    expect((await sessionsIn(store)).map(({ session }) => session.title)).toEqual(['whole']);
  });

  it('keeps each message once, wherever a session continued, here or in its file', async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('grow' as const), count: fc.integer({ min: 0, max: 2 }) }),
        fc.record({ kind: fc.constant('continue' as const), which: fc.nat() }),
      ),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const store = createMemoryStore();
        const inFile = ['file 0'];
        const here: string[] = [];
        const importAgain = () =>
          importHistory(store, fileOf('x', ''), treeFormat(inARow(inFile)), {});
        await importAgain();
        for (const step of all) {
          if (step.kind === 'continue') {
            const sessions = await store.transfer.sessionsAfter(null, 50);
            const { id } = sessions[step.which % sessions.length]!;
            here.push(`here ${here.length}`);
            await store.sessions.append(id, [aMessage(here.at(-1)!)], null);
          } else {
            for (let count = 0; count < step.count; count += 1)
              inFile.push(`file ${inFile.length}`);
            await importAgain();
          }
        }
        await importAgain();
        const before = await digestOf(store);
        expect(await importAgain()).toMatchObject({ unchanged: 1, messageCount: 0 });
        expect(await digestOf(store)).toEqual(before);
        const sessions = await sessionsIn(store);
        expect(sessions.length).toBeLessThanOrEqual(1 + here.length);
        const texts = sessions.map(({ messages }) => messages.map(({ parts }) => textOf(parts)));
        const originals = sessions.flatMap(({ messages }) =>
          messages.filter(({ copyOf }) => copyOf === null).map(({ parts }) => textOf(parts)),
        );
        expect(originals.sort()).toEqual([...inFile, ...here].sort());
        const isWhole = (path: string[]) => inFile.every((text, index) => path[index] === text);
        expect(texts.filter(isWhole).length).toBeGreaterThan(0);
        // Within a session, nothing of the file comes after what was said here.
        for (const path of texts) {
          const first = path.findIndex((text) => text.startsWith('here'));
          if (first >= 0)
            expect(path.slice(first).filter((text) => text.startsWith('file'))).toEqual([]);
        }
      }),
    );
  });

  it('keeps its main session when the file goes on where the session continued, and branches there', async () => {
    const store = createMemoryStore();
    const bringTree = (...nodes: [text: string, parent: string | null][]) =>
      importHistory(store, fileOf('x', ''), treeFormat(nodes), {});
    const common: [string, string | null][] = [
      ['one', null],
      ['two', 'one'],
    ];
    const first = await bringTree(...common);
    await store.sessions.append(first.sessionIds[0]!, [aMessage('here')], null);
    expect(await bringTree(...common, ['file', 'two'])).toMatchObject({ forked: 1 });
    const other: [string, string] = ['other', 'two'];
    const branched = await bringTree(...common, ['file', 'two'], other);
    expect(branched).toMatchObject({ added: 1, forked: 0, unchanged: 1, messageCount: 3 });
    const grown = await bringTree(...common, ['file', 'two'], other, ['more', 'file']);
    expect(grown).toMatchObject({ added: 0, forked: 0, extended: 1, unchanged: 1 });
    const paths = (await sessionsIn(store)).map(({ messages }) =>
      messages.map(({ parts }) => textOf(parts)).join(' '),
    );
    expect(paths.sort()).toEqual(['one two file more', 'one two here', 'one two other']);
  });

  it('keeps the name, tags and marks that a session got here when its file grows', async () => {
    const store = createMemoryStore();
    const bringAs = (title: string | null, ...prompts: string[]) => {
      const nodes = inARow(prompts);
      const format = treeFormat(nodes, { title, isPinned: true, tags: ['tool'] });
      return importHistory(store, fileOf('x', ''), format, {});
    };
    const [id = ''] = (await bringAs(null, 'one')).sessionIds;
    await bringAs('Named by the tool', 'one', 'two');
    expect(await store.sessions.get(id)).toMatchObject({ title: 'Named by the tool' });
    const change = { title: 'My own', addTags: ['mine'], removeTags: [], pinned: false };
    await store.sessions.update(id, { ...change, archived: true });
    await bringAs('Named by the tool', 'one', 'two', 'three');
    expect(await store.sessions.get(id)).toMatchObject({
      ...{ title: 'My own', tags: ['mine', 'tool'], pinned: false, archived: true },
      messageCount: 3,
    });
  });

  it('survives any records', async () => {
    const anyRecord = fc.oneof(
      fc.constantFrom(...claudeLines, ...codexLines),
      fc.dictionary(
        fc.constantFrom(
          'type',
          'uuid',
          'parentUuid',
          'message',
          'payload',
          'timestamp',
          '__proto__',
        ),
        fc.oneof(fc.constantFrom('user', 'assistant', 'u1', 'a1', 'response_item'), fc.jsonValue()),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('s1.jsonl', 'c1.jsonl'),
        fc.array(anyRecord),
        async (path, records) => {
          const first = path === 's1.jsonl' ? claudeLines[0]! : codexLines[0]!;
          const file = fileOf(path, lines(first, ...(records as JsonObject[])));
          const store = createMemoryStore();
          await bring(store, file);
          const before = await digestOf(store);
          await bring(store, file);
          expect(await digestOf(store)).toEqual(before);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps messages that are at the same place once, and two with one key apart', async () => {
    const node = (id: string, parentId: string | null, text: string): HistoryNode => ({
      ...{ id, parentId, key: 'k', role: 'user', createdAt: new Date(START) },
      parts: [{ type: 'text', text }],
    });
    const nodes = () => [
      ...[node('1', null, 'one'), node('2', null, 'one'), node('3', null, 'other')],
      ...[node('4', '1', 'below'), node('5', '2', 'below'), node('6', '2', 'below, too')],
    ];
    const format: HistoryFormat = {
      ...{ tool: 'codex', detects: () => true },
      async *read() {
        yield { id: 'h', title: null, createdAt: new Date(START), nodes: nodes() };
      },
    };
    const store = createMemoryStore();
    const first = await importHistory(store, fileOf('h', ''), format);
    expect(first).toMatchObject({ added: 3, skipped: [] });
    const paths = (await sessionsIn(store)).map(({ messages }) =>
      messages.map(({ parts }) => textOf(parts)),
    );
    expect(paths.sort()).toEqual([['one', 'below'], ['one', 'below, too'], ['other']]);
    const again = await importHistory(store, fileOf('h', ''), format);
    expect(again).toMatchObject({ added: 0, extended: 0, forked: 0, unchanged: 3 });
  });
});

describe('histories without times', () => {
  const record = (...texts: string[]) => ({
    messages: texts.map((content, index) => ({
      ...{ role: index % 2 === 0 ? 'user' : 'assistant', content },
    })),
  });
  const records = [record('First', 'Yes.'), record('Second', 'No.'), record('Third', 'Maybe.')];
  const fileAt = (modifiedAt: string) => ({
    ...fileOf('tuning.jsonl', lines(...records)),
    modifiedAt: new Date(modifiedAt),
  });

  it('get the time of their file, and are listed in its order', async () => {
    const store = createMemoryStore();
    await bring(store, fileAt('2026-03-01T10:00:00Z'));
    const { items } = await store.sessions.list({ limit: 10 });
    expect(items.map(({ title }) => title)).toEqual(['First', 'Second', 'Third']);
    for (const { session, messages } of await sessionsIn(store)) {
      expect(session.createdAt.toISOString()).toMatch(/^2026-03-01T09:59:59[.]99/);
      expect(session.updatedAt).toEqual(session.createdAt);
      for (const { createdAt } of messages) expect(createdAt).toEqual(session.createdAt);
      expect(session.id).not.toMatch(/^0000/);
    }
  });

  it('stay as they are when the file gets another time', async () => {
    const store = createMemoryStore();
    const first = await bring(store, fileAt('2026-03-01T10:00:00Z'));
    const before = await digestOf(store);
    const touched = await bring(store, fileAt('2026-04-01T10:00:00Z'));
    expect(touched).toMatchObject({ unchanged: 3, sessionIds: first.sessionIds });
    expect(await digestOf(store)).toEqual(before);
    const [session] = await sessionsIn(store);
    expect(session?.session.createdAt.getUTCMonth()).toBe(2);
  });

  it('are older than a limit only if their file is', async () => {
    const format = await detectHistory(fileAt('2026-03-01T10:00:00Z'));
    const olderAt = async (since: string) => {
      const options = { since: new Date(since) };
      const file = fileAt('2026-03-01T10:00:00Z');
      return (await importHistory(createMemoryStore(), file, format!, options)).older;
    };
    expect(await olderAt('2026-02-01')).toBe(0);
    expect(await olderAt('2026-03-02')).toBe(3);
  });
});
