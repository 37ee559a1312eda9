import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Store } from '@synapse/core';
import { detectHistory, importHistory, type HistoryReceipt } from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { digestsOf } from '../support/digests-of.ts';
import { historyFile, sessionsIn } from '../support/imported-histories.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writers } from './history-format/index.ts';
import type { HistoryWriter, WrittenHistory } from './history-format/written-history.ts';

const START = Date.parse('2026-03-01T10:00:00Z');
const folder = temporaryFolder();
let databases = 0;

/** What breaks programs that use texts as names, store them, or send them. */
const HOSTILE = [
  '__proto__',
  'constructor',
  'a\u0000b',
  'a\ud800b',
  '\udc00',
  '\u202ea',
  '../../x',
];

function aHistory(text: string, id = '3f2d8a44-0000-4000-8000-000000000001'): WrittenHistory {
  const turn = (prompt: string, index: number) => ({
    ...{ at: START + index * 60_000, prompt, image: null, reasoning: `thought ${text}` },
    call: {
      name: text,
      input: JSON.parse(`{"__proto__":${JSON.stringify(text)}}`) as JsonObject,
      output: text,
      image: null,
    },
    answer: `answer ${index} ${text}`,
  });
  return {
    id,
    title: text,
    turns: [turn(`ask ${text}`, 0), turn('ask again', 1)],
    leftAnswer: text,
  };
}

async function bring(store: Store, { path }: HistoryWriter, bytes: Uint8Array) {
  const file = historyFile(path, bytes);
  const format = await detectHistory(file);
  return format ? importHistory(store, file, format) : null;
}

const bytesOf = async (writer: HistoryWriter, ...histories: WrittenHistory[]) =>
  Buffer.from(await writer.write(histories));

const textIn = async (store: Store): Promise<string> =>
  (await sessionsIn(store)).map(({ messages }) => JSON.stringify(messages)).join('\n');

describe.each(writers)('histories of $tool ($path)', (writer) => {
  const isText = !writer.path.endsWith('.db');

  it.each(HOSTILE)('with the text %j everywhere are stored alike by each engine', async (text) => {
    const bytes = await bytesOf(writer, aHistory(text));
    const stores = [
      createMemoryStore(),
      await openSqliteStore({ path: `${folder}/${databases++}` }),
    ];
    const found = [];
    for (const store of stores) {
      expect(await bring(store, writer, bytes)).toMatchObject({ state: 'read' });
      const digests = await digestsOf(store);
      expect(await bring(store, writer, bytes)).toMatchObject({ added: 0, extended: 0, forked: 0 });
      expect(await digestsOf(store)).toEqual(digests);
      expect(await textIn(store)).toContain('ask again');
      found.push(digests);
      await store.close();
    }
    expect(found[1]).toEqual(found[0]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('that use an id twice are both kept, or named in the receipt', async () => {
    if (!writer.keeps.many || !isText) return;
    const store = createMemoryStore();
    const bytes = await bytesOf(writer, aHistory('one'), aHistory('other'));
    const { skipped } = (await bring(store, writer, bytes))!;
    const text = await textIn(store);
    expect(text).toContain('answer 1 one');
    const isNamed = skipped.some(({ reason }) => reason.includes('the id of an earlier one'));
    expect(text.includes('answer 1 other') || isNamed).toBe(true);
  });

  it.each(['utf16le', 'latin1'] as const)('in the encoding %s break nothing', async (encoding) => {
    if (!isText) return;
    const bytes = await bytesOf(writer, aHistory('grüße'));
    const store = createMemoryStore();
    const receipt = await bring(store, writer, Buffer.from(bytes.toString(), encoding));
    if (receipt) expect(reasonOrSessions(receipt)).not.toBe('');
    expect((await textIn(store)).isWellFormed()).toBe(true);
  });

  it('with an input of many levels are refused with a reason, or kept', async () => {
    if (!isText || !writer.keeps.calls) return;
    const written = (await bytesOf(writer, aHistory('deep'))).toString();
    const levels = 100_000;
    const deep = written.replace(/:\s?"deep"/, `:${'['.repeat(levels)}${']'.repeat(levels)}`);
    const store = createMemoryStore();
    const receipt = await bring(store, writer, Buffer.from(deep));
    if (receipt) expect(reasonOrSessions(receipt)).not.toBe('');
  });
});

/** Nothing is dropped in silence. */
function reasonOrSessions({ skipped, sessionIds }: HistoryReceipt): string {
  return [...skipped.map(({ reason }) => reason), ...sessionIds].join('; ');
}

it.each([1, 1e3, 1e6, 1e9])(
  'a time in units of which a second has %d is recognised',
  async (unit) => {
    const session = {
      id: 's',
      title: 't',
      created_at: (START / 1000) * unit,
      chat: { history: {} },
    };
    const message = { id: 'm', role: 'user', content: 'Hi', timestamp: (START / 1000) * unit };
    const chat = { title: 't', history: { messages: { m: message }, currentId: 'm' } };
    const store = createMemoryStore();
    const [writer] = writers.filter(({ tool }) => tool === 'open-webui');
    await bring(store, writer!, Buffer.from(JSON.stringify([{ ...session, chat }])));
    const [found] = await sessionsIn(store);
    expect(found?.messages[0]?.createdAt).toEqual(new Date(START));
  },
);

describe('a long history of Claude Code', () => {
  const [writer] = writers.filter(({ tool }) => tool === 'claude-code');
  const lineOf = (index: number, text: string) =>
    JSON.stringify({
      ...{ type: index % 2 === 0 ? 'user' : 'assistant', uuid: `u${index}`, sessionId: 's' },
      ...{ parentUuid: index === 0 ? null : `u${index - 1}`, timestamp: new Date(START + index) },
      message: { id: `m${index}`, role: 'user', content: [{ type: 'text', text }] },
    });

  it('is one session of 100,000 messages', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => lineOf(index, `text ${index}`));
    const store = createMemoryStore();
    const receipt = await bring(store, writer!, Buffer.from(lines.join('\n')));
    expect(receipt).toMatchObject({ added: 1, messageCount: 100_000, skipped: [] });
  });

  it('keeps the messages around one with a line of 50 MB, which the receipt names', async () => {
    const texts = ['first', 'x'.repeat(50_000_000), 'second', 'third'];
    const lines = texts.map((text, index) => lineOf(index, text));
    const store = createMemoryStore();
    const receipt = await bring(store, writer!, Buffer.from(lines.join('\n')));
    expect(receipt?.skipped).toMatchObject([{ reason: expect.stringContaining('16 MiB') }]);
    const text = await textIn(store);
    for (const kept of ['first', 'second', 'third']) expect(text).toContain(kept);
  });
});
