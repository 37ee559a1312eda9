import { describe, expect, it } from '@jest/globals';
import type { Store, Part } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyStoredSession, storeSample } from '@synapse/test/support/arbitraries/stored-sessions';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';
import { digestSession } from './digest-session.ts';
import { exportSessions } from './export-sessions.ts';
import { importSessions, type ImportReport } from './import-sessions.ts';
import { jsonFormat } from './json-format.ts';
import { ndjsonFormat } from './ndjson-format.ts';
import { allSessions, messagePages } from './message-pages.ts';

async function exportAll(store: Store, format = jsonFormat): Promise<string> {
  let text = '';
  const pieces = exportSessions(store, allSessions(store.transfer), { format });
  for await (const piece of pieces) text += piece;
  return text;
}

/** Of all that is stored, whether an export says it or not. */
async function digests(store: Store): Promise<string[]> {
  const found: string[] = [];
  for await (const session of allSessions(store.transfer)) {
    found.push(
      await digestSession(session, messagePages(store.sessions, session.id, { turns: 'all' })),
    );
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

describe('export and import', () => {
  it.each([
    ['json', jsonFormat],
    ['ndjson', ndjsonFormat],
  ])('restore every session as the same %s, and add nothing the second time', async (_, format) => {
    const samples = fc.array(anyStoredSession, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(samples, fc.integer({ min: 1, max: 300 }), async (wanted, pieceLength) => {
        const store = createMemoryStore();
        for (const sample of wanted) await storeSample(store, sample);
        const text = await exportAll(store, format);
        const other = createMemoryStore();
        const first = await importText(other, text, pieceLength);
        expect(first.added).toHaveLength(wanted.length);
        expect(await digests(other)).toEqual(await digests(store));
        expect(await exportAll(other, format)).toBe(text);
        const second = await importText(other, text);
        expect(second).toMatchObject({ added: [], refused: [], messageCount: 0 });
        expect(await exportAll(other, format)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  it('treat messages without variant fields as active', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    await store.sessions.append(id, [aMessage('q'), anAnswer('a')], null);
    const text = await exportAll(store);
    const old = text.replaceAll('"variantOf":null,"active":true,', '');
    expect(old).not.toContain('active');
    const other = createMemoryStore();
    await importText(other, old);
    expect(await exportAll(other)).toBe(text);
  });

  it('accept the largest counts and times that a store supports', async () => {
    const store = createMemoryStore();
    const far = new Date(8.64e15);
    const { id } = await store.sessions.create(aSession({ createdAt: far }));
    const most = Number.MAX_SAFE_INTEGER;
    const usage = {
      ...{ inputTokens: most, outputTokens: most, cacheReadTokens: most, cacheWriteTokens: most },
      ...{ reasoningTokens: most, estimated: false },
    };
    await store.sessions.append(id, [anAnswer('Much.', { usage, createdAt: far })], null);
    const text = await exportAll(store);
    const other = createMemoryStore();
    await importText(other, text);
    expect(await exportAll(other)).toBe(text);
    expect(text).toContain('9007199254740991');
    expect(text).toContain('+275760-09-13T00:00:00.000Z');
  });

  it('keep a tool input with a name like __proto__, and change no prototype', async () => {
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

  it('import a session without its handle if another session has it', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession({ handle: 'work' }));
    const text = await exportAll(store);
    const other = createMemoryStore();
    await other.sessions.create(aSession({ handle: 'work' }));
    const report = await importText(other, text);
    expect(report.renamed).toEqual([{ id, handle: 'work' }]);
    expect((await other.sessions.get(id))?.handle).toBeNull();
  });

  it('reject a whole session if another session has one of its messages', async () => {
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

  it('stores nothing on a dry run, and reports what it would import', async () => {
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
