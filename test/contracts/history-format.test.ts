import { describe, expect, it } from '@jest/globals';
import type { Message, Part, Store } from '@synapse/core';
import {
  detectHistory,
  digestSession,
  historyFormats,
  importHistory,
  messagePages,
  type HistoryFile,
  type HistoryReceipt,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import fc from 'fast-check';
import { writers } from './history-format/index.ts';
import {
  anyHistory,
  expectedMessages,
  type HistoryWriter,
  type WrittenHistory,
} from './history-format/written-history.ts';

const RUNS = 20;

describe.each(writers)('the histories of $tool', (writer) => {
  const { keeps, tool } = writer;
  const several = fc.uniqueArray(anyHistory, {
    ...{ minLength: 1, maxLength: keeps.many ? 3 : 1, selector: ({ id }) => id },
  });

  it('are found again, message by message, branch by branch', async () => {
    await fc.assert(
      fc.asyncProperty(several, async (histories) => {
        const store = createMemoryStore();
        const receipt = await bring(store, writer, histories);
        expect(receipt).toMatchObject({ tool, state: 'read', unchanged: 0, skipped: [] });
        const sessions = await readAll(store);
        const expected = histories.flatMap((history) => [
          expectedMessages(history, keeps),
          ...leftPath(history, keeps),
        ]);
        expect(sessions.map(({ messages }) => messages.flatMap(wordsOf)).sort()).toEqual(
          expected.sort(),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('stay as they are when they are imported again', async () => {
    await fc.assert(
      fc.asyncProperty(several, async (histories) => {
        const store = createMemoryStore();
        const first = await bring(store, writer, histories);
        const before = await digestsOf(store);
        const again = await bring(store, writer, histories);
        expect(again).toMatchObject({ added: 0, extended: 0, forked: 0, messageCount: 0 });
        expect(again.unchanged).toBe(first.added);
        expect(await digestsOf(store)).toEqual(before);
      }),
      { numRuns: RUNS },
    );
  });

  it('get what was added meanwhile, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.nat(), async (history, cut) => {
        const whole = { ...history, leftAnswer: null };
        const { turns } = whole;
        const begun = { ...whole, turns: turns.slice(0, 1 + (cut % turns.length)) };
        const store = createMemoryStore();
        await bring(store, writer, [begun]);
        const grown = await bring(store, writer, [whole]);
        expect(grown.added + grown.forked).toBe(0);
        const [session, ...others] = await readAll(store);
        expect(others).toEqual([]);
        expect(session?.messages.flatMap(wordsOf)).toEqual(expectedMessages(whole, keeps));
      }),
      { numRuns: RUNS },
    );
  });

  it('survive a file that is cut off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        several,
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (histories, at) => {
          const bytes = Buffer.from(await writer.write(histories));
          const cut = fileOf(writer.path, bytes.subarray(0, Math.floor(bytes.length * at)));
          const store = createMemoryStore();
          const format = await detectHistory(cut);
          if (!format) return;
          await importHistory(store, cut, format);
          // The whole file completes what the first one began.
          await bring(store, writer, histories);
          const found = (await readAll(store)).map(({ messages }) => messages.flatMap(wordsOf));
          for (const history of histories) {
            expect(found).toContainEqual(expectedMessages(history, keeps));
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});

it('has a writer for every format', () => {
  const written = new Set(writers.map(({ tool }) => tool));
  expect(historyFormats.map(({ tool }) => tool).filter((tool) => !written.has(tool))).toEqual([]);
});

/** The path to the answer that the user left; a format without branches has none. */
function leftPath(history: WrittenHistory, keeps: HistoryWriter['keeps']): string[][] {
  const { turns, leftAnswer } = history;
  const last = turns.at(-1);
  if (!keeps.branches || leftAnswer === null || !last) return [];
  const left = { ...last, reasoning: null, call: null, answer: leftAnswer };
  return [expectedMessages({ ...history, turns: [...turns.slice(0, -1), left] }, keeps)];
}

async function bring(
  store: Store,
  writer: HistoryWriter,
  histories: readonly WrittenHistory[],
): Promise<HistoryReceipt> {
  const file = fileOf(writer.path, Buffer.from(await writer.write(histories)));
  const format = await detectHistory(file);
  if (!format) throw new Error('No format was recognised.');
  return importHistory(store, file, format);
}

function fileOf(path: string, bytes: Buffer): HistoryFile {
  return {
    ...{ path, byteLength: bytes.byteLength, modifiedAt: new Date(0) },
    async *bytes() {
      // Cut anywhere, as streams are.
      for (let start = 0; start < bytes.byteLength; start += 997) {
        yield bytes.subarray(start, start + 997);
      }
    },
  };
}

async function readAll(store: Store): Promise<{ id: string; messages: Message[] }[]> {
  const sessions = await store.transfer.sessionsAfter(null, 500);
  return Promise.all(
    sessions.map(async ({ id }) => {
      return { id, messages: await store.sessions.messages(id, { limit: 500 }) };
    }),
  );
}

async function digestsOf(store: Store): Promise<string[]> {
  const sessions = await store.transfer.sessionsAfter(null, 500);
  return Promise.all(
    sessions.map((session) => digestSession(session, messagePages(store.sessions, session.id))),
  );
}

function wordsOf({ role, parts }: Message): string[] {
  return parts.flatMap((part) => [wordsOfPart(role, part), ...returnedImages(part)]);
}

function returnedImages(part: Part): string[] {
  const attachments = part.type === 'tool-result' ? part.attachments : undefined;
  return attachments?.map(({ sha256 }) => `returned image ${sha256}`) ?? [];
}

function wordsOfPart(role: Message['role'], part: Part): string {
  switch (part.type) {
    case 'text':
      return `${role} ${part.text}`;
    case 'reasoning':
      return `reasoning ${part.text}`;
    case 'tool-call':
      return `call ${part.name} ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return `result ${part.output}`;
    case 'image':
      return `image ${part.attachment.sha256}`;
    default:
      return part.type;
  }
}
