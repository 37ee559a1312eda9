import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importHistories } from '@synapse/app/sessions/import-histories';
import { defaultSettings } from '@synapse/config';
import { silentLogger, systemClock, type Store } from '@synapse/core';
import {
  digestSession,
  exportSessions,
  jsonFormat,
  messagePages,
  type HistoryReceipt,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import { aConversation } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { writers } from './history-format/index.ts';
import { anyHistory } from './history-format/written-history.ts';

const RUNS = 20;
const app = { clock: systemClock, logger: silentLogger, settings: defaultSettings() };

/** A file of some tool; a part of it is cut off in some. */
const anyFile = fc.record({
  writer: fc.constantFrom(...writers),
  histories: fc.uniqueArray(anyHistory, { minLength: 1, maxLength: 3, selector: ({ id }) => id }),
  kept: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

/** Files of several tools, each in a folder of its own, beside an export of Synapse and a file of no tool. */
const anyFolder = fc.array(anyFile, { minLength: 1, maxLength: 4 });
type Files = typeof anyFolder extends fc.Arbitrary<infer T> ? T : never;

const COUNTS = ['added', 'extended', 'forked', 'unchanged', 'older', 'leftOut'] as const;

describe('an import of a folder of any tools', () => {
  it('accounts for each session once, in each receipt and in the store', async () => {
    await inFolders(async (folder, bring) => {
      const store = createMemoryStore();
      const receipts = await bring(store, [folder]);
      for (const receipt of receipts) expect(totalOf(receipt)).toBe(receipt.sessionCount);
      const stored = await store.transfer.sessionsAfter(null, 500);
      const brought = receipts.flatMap(({ sessionIds }) => sessionIds);
      expect([...new Set(brought)].sort()).toEqual(stored.map(({ id }) => id).sort());
      const made = receipts.reduce((sum, { added, forked }) => sum + added + forked, 0);
      expect(made).toBe(stored.length);
      const messages = stored.reduce((sum, { messageCount }) => sum + messageCount, 0);
      const counted = receipts.reduce((sum, { messageCount }) => sum + messageCount, 0);
      expect(counted).toBe(messages);
      const since = await bring(createMemoryStore(), [folder], new Date('2026-06-01'));
      for (const receipt of since) expect(totalOf(receipt)).toBe(receipt.sessionCount);
    });
  });

  it('changes nothing the second time, whether files are read again or not', async () => {
    await inFolders(async (folder, bring) => {
      const store = createMemoryStore();
      const first = await bring(store, [folder]);
      const before = await digestsOf(store);
      const sessionCount = sumOf(first, 'sessionCount');
      for (const isAgain of [false, true]) {
        const again = await bring(store, [folder], undefined, isAgain);
        expect(sumOf(again, 'sessionCount')).toBe(sessionCount);
        expect(sumOf(again, 'unchanged') + sumOf(again, 'leftOut')).toBe(sessionCount);
        expect(await digestsOf(store)).toEqual(before);
      }
    });
  });
});

type Bring = (
  store: Store,
  paths: string[],
  since?: Date,
  isAgain?: boolean,
) => Promise<HistoryReceipt[]>;

async function inFolders(check: (folder: string, bring: Bring) => Promise<void>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(anyFolder, async (files) => {
      const folder = mkdtempSync(join(tmpdir(), 'synapse-import-'));
      try {
        await write(folder, files);
        await check(folder, bring);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: RUNS },
  );
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [index, { writer, histories, kept }] of files.entries()) {
    const path = join(folder, String(index), writer.path);
    mkdirSync(dirname(path), { recursive: true });
    const all = writer.keeps.many ? histories : histories.slice(0, 1);
    const bytes = Buffer.from(await writer.write(all));
    writeFileSync(path, bytes.subarray(0, Math.ceil(bytes.length * kept)));
    // Newer than its conversations.
    utimesSync(path, new Date('2027-01-01'), new Date('2027-01-01'));
  }
  const store = createMemoryStore();
  await aConversation(store, ['Hello', 'Hi.']);
  const sessions = await store.transfer.sessionsAfter(null, 5);
  let text = '';
  const pieces = exportSessions(store, sessions, { format: jsonFormat });
  for await (const piece of pieces) text += piece;
  writeFileSync(join(folder, 'own.json'), text);
  writeFileSync(join(folder, 'notes.txt'), 'no history');
}

async function bring(
  store: Store,
  paths: string[],
  since?: Date,
  isAgain = false,
): Promise<HistoryReceipt[]> {
  const { signal } = new AbortController();
  const options = { paths, since, isAgain, isDryRun: false, signal };
  const receipts: HistoryReceipt[] = [];
  for await (const receipt of importHistories(app, store, options)) receipts.push(receipt);
  return receipts;
}

function totalOf(receipt: HistoryReceipt): number {
  return COUNTS.reduce((sum, name) => sum + receipt[name], 0);
}

function sumOf(
  receipts: readonly HistoryReceipt[],
  name: 'sessionCount' | (typeof COUNTS)[number],
): number {
  return receipts.reduce((sum, receipt) => sum + receipt[name], 0);
}

async function digestsOf(store: Store): Promise<string[]> {
  const sessions = await store.transfer.sessionsAfter(null, 500);
  return Promise.all(
    sessions.map((session) => digestSession(session, messagePages(store.sessions, session.id))),
  );
}
