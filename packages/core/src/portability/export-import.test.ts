import { describe, expect, it } from '@jest/globals';
import { anyHistory, type HistoryEntry } from '@synapse/test/support/arbitraries/histories';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import { aMessage, anAnswer, aSession, at } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { createMemoryStore } from '../memory-store.ts';
import type { Store } from '../ports/store.ts';
import { newId } from '../session/id.ts';
import { newMessage } from '../session/message.ts';
import type { AttachmentReference, Part } from '../session/part.ts';
import { digestSession } from './digest-session.ts';
import { exportSessions } from './export-sessions.ts';
import { importSessions, type ImportReport } from './import-sessions.ts';
import { jsonFormat } from './json-format.ts';
import { allSessions, messagePages } from './message-pages.ts';

async function exportAll(store: Store): Promise<string> {
  let text = '';
  const pieces = exportSessions(store, allSessions(store.transfer), { format: jsonFormat });
  for await (const piece of pieces) text += piece;
  return text;
}

/** Of all that is stored, whether an export says it or not. */
async function digests(store: Store): Promise<string[]> {
  const found: string[] = [];
  for await (const session of allSessions(store.transfer)) {
    found.push(await digestSession(session, messagePages(store.sessions, session.id)));
  }
  return found;
}

function importText(store: Store, text: string, pieceLength = 1 << 16): Promise<ImportReport> {
  const bytes = Buffer.from(text);
  return importSessions(store, async function* () {
    for (let start = 0; start < bytes.length; start += pieceLength) {
      yield bytes.subarray(start, start + pieceLength);
    }
  });
}

const usage = fc.record({
  inputTokens: fc.nat(),
  outputTokens: fc.nat(),
  cacheReadTokens: fc.nat(),
  cacheWriteTokens: fc.nat(),
  reasoningTokens: fc.nat(),
  estimated: fc.boolean(),
});
const rate = fc.double({ min: 0, max: 1000, noNaN: true });
const cost = fc.record({
  nanoUsd: fc.nat(),
  price: fc.record({
    inputPerMillion: rate,
    outputPerMillion: rate,
    cacheReadPerMillion: rate,
    cacheWritePerMillion: rate,
  }),
});

const anySession = fc.record({
  history: anyHistory,
  title: fc.option(anyText),
  tags: fc.array(fc.constantFrom('work', 'home', 'ä', 'b c'), { maxLength: 3 }),
  isPinned: fc.boolean(),
  isTrashed: fc.boolean(),
  metadata: fc.dictionary(anyText, fc.jsonValue({ maxDepth: 2 })),
  usage: fc.option(usage),
  cost: fc.option(cost),
  latencyMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
  raw: fc.option(anyText),
});

/** The attachments of the history become real ones: what they are called is what they hold. */
async function storeHistory(store: Store, history: readonly HistoryEntry[]): Promise<Part[][]> {
  const put = ({ sha256, mediaType, name }: AttachmentReference) =>
    store.attachments.put({ bytes: Buffer.from(sha256), mediaType, name });
  const toStored = async (part: Part): Promise<Part> => {
    if (part.type === 'image' || part.type === 'file') {
      return { type: part.type, attachment: await put(part.attachment) };
    }
    if (part.type !== 'tool-result' || !part.attachments) return part;
    return { ...part, attachments: await Promise.all(part.attachments.map(put)) };
  };
  return Promise.all(history.map(({ parts }) => Promise.all(parts.map(toStored))));
}

describe('export and import', () => {
  it('give back every session as the same text, and nothing when done twice', async () => {
    const samples = fc.array(anySession, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 300 }), async (wanted, pieceLength) => {
        const store = createMemoryStore();
        for (const sample of wanted) {
          const { id } = await store.sessions.create({
            ...aSession({ title: sample.title, tags: sample.tags, pinned: sample.isPinned }),
            metadata: sample.metadata as Record<string, never>,
          });
          const parts = await storeHistory(store, sample.history);
          const messages = sample.history.map(({ role, status }, index) =>
            newMessage({
              ...{ id: newId(), role, status, parts: parts[index] ?? [], createdAt: at(index) },
              ...{ usage: sample.usage, cost: sample.cost, latencyMs: sample.latencyMs },
              finishReason: sample.raw === null ? null : { unified: 'stop', raw: sample.raw },
            }),
          );
          await store.sessions.append(id, messages, null);
          if (sample.isTrashed) await store.sessions.trash(id, at(99));
        }
        const text = await exportAll(store);
        const other = createMemoryStore();
        const first = await importText(other, text, pieceLength);
        expect(first.added).toHaveLength(wanted.length);
        expect(await digests(other)).toEqual(await digests(store));
        expect(await exportAll(other)).toBe(text);
        const second = await importText(other, text);
        expect(second).toMatchObject({ added: [], refused: [], messageCount: 0 });
        expect(await exportAll(other)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('keep a tool input that is named like a prototype, and change no prototype', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    const input = JSON.parse('{"__proto__":{"isPolluted":true},"constructor":1}') as never;
    const call: Part = { type: 'tool-call', id: 'a', name: 'read', input };
    await store.sessions.append(id, [anAnswer('', { parts: [call] })], null);
    const text = await exportAll(store);
    const other = createMemoryStore();
    await importText(other, text);
    expect(await exportAll(other)).toBe(text);
    expect(text).toContain('"__proto__":{"isPolluted":true}');
    expect('isPolluted' in {}).toBe(false);
  });

  it('take a session without its handle where another has it', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession({ handle: 'work' }));
    const text = await exportAll(store);
    const other = createMemoryStore();
    await other.sessions.create(aSession({ handle: 'work' }));
    const report = await importText(other, text);
    expect(report.renamed).toEqual([{ id, handle: 'work' }]);
    expect((await other.sessions.get(id))?.handle).toBeNull();
  });

  it('refuse a session whole where another session has one of its messages', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    const question = aMessage('Why?');
    await store.sessions.append(id, [question, anAnswer('Because.')], null);
    const kept = await store.sessions.create(aSession({ title: 'kept' }));
    const text = await exportAll(store);
    const other = createMemoryStore();
    const strange = await other.sessions.create(aSession());
    await other.sessions.append(strange.id, [question], null);
    const report = await importText(other, text);
    expect(report.refused.map((refused) => refused.id)).toEqual([id]);
    expect(await other.sessions.get(id)).toBeUndefined();
    expect(report.added.map((added) => added.id)).toEqual([kept.id]);
  });

  it('stores nothing on a dry run, and says what would come', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    await store.sessions.append(id, [aMessage('Hello')], null);
    const bytes = Buffer.from(await exportAll(store));
    const other = createMemoryStore();
    const report = await importSessions(
      other,
      async function* () {
        yield bytes;
      },
      { isDryRun: true },
    );
    expect(report).toMatchObject({ messageCount: 1, presentIds: [] });
    expect(await other.sessions.get(id)).toBeUndefined();
  });
});
