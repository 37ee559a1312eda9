import { describe, expect, it } from '@jest/globals';
import { SessionHeldError, type Store } from '@synapse/core';
import { isId } from '@synapse/core/store-kit';
import { createMemoryStore } from '@synapse/storage-memory';
import {
  anyStoredSession,
  appendSample,
  storeSample,
} from '@synapse/test/support/arbitraries/stored-sessions';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  at,
  textsOf,
} from '@synapse/test/support/samples';
import fc from 'fast-check';
import { copyStore } from './copy-store.ts';
import { digestSession } from './digest-session.ts';
import { exportSessions } from './export-sessions.ts';
import { importSessions, type ImportOptions, type ImportReport } from './import-sessions.ts';
import { jsonFormat } from './json-format.ts';
import { allSessions, messagePages } from './message-pages.ts';

async function exportOf(store: Store): Promise<string> {
  let text = '';
  const pieces = exportSessions(store, allSessions(store.transfer), { format: jsonFormat });
  for await (const piece of pieces) text += piece;
  return text;
}

function importText(store: Store, text: string, options?: ImportOptions): Promise<ImportReport> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return importSessions(store, bytes, options);
}

/** A digest of all that is stored. */
async function digestOf(store: Store): Promise<string[]> {
  const found: string[] = [];
  for await (const session of allSessions(store.transfer)) {
    found.push(
      await digestSession(session, messagePages(store.sessions, session.id, { turns: 'all' })),
    );
  }
  return found;
}

const textsIn = async (store: Store, id: string) =>
  textsOf(await store.sessions.messages(id, { limit: 500 }));

const counts = ({ added, extended, forked, presentIds, newerIds, refused }: ImportReport) =>
  [added, extended, forked, presentIds, newerIds, refused].map(({ length }) => length);

describe('an import of a session that already exists', () => {
  /** A store with a conversation, and another that has its export. */
  async function twoStores(texts: readonly string[]) {
    const [here, there] = [createMemoryStore(), createMemoryStore()];
    const { id } = await aConversation(there, texts, { title: 'Old', tags: ['old'] });
    await importText(here, await exportOf(there));
    return { here, there, id };
  }

  it('changes nothing if the messages are the same', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    await here.sessions.update(id, { title: 'Mine', pinned: true });
    const before = await digestOf(here);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(await digestOf(here)).toEqual(before);
  });

  it('appends the additional messages of the export, with ids, numbers, title and tags', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    await there.sessions.append(id, [aMessage('more', { createdAt: at(60) })], null);
    await there.sessions.update(id, { title: 'New', addTags: ['new'], removeTags: ['old'] });
    const report = await importText(here, await exportOf(there));
    expect(report).toMatchObject({ extended: [{ id, messageCount: 1 }], messageCount: 1 });
    expect(await digestOf(here)).toEqual(await digestOf(there));
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(await digestOf(here)).toEqual(await digestOf(there));
  });

  it('completes an answer that was running when the earlier export was written', async () => {
    const [here, there] = [createMemoryStore(), createMemoryStore()];
    const { id } = await aConversation(there, ['q']);
    const answer = anAnswer('Because', { status: 'running' });
    await there.sessions.append(id, [answer], null);
    await importText(here, await exportOf(there));
    const whole = anAnswer('Because of this.', { id: answer.id });
    await there.sessions.append(id, [whole], null);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 1, 0, 0, 0, 0]);
    expect(await textsIn(here, id)).toEqual(['q', 'Because of this.']);
    expect(await digestOf(here)).toEqual(await digestOf(there));
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it('leaves the session unchanged if the store has more messages, and reports it', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    await here.sessions.append(id, [aMessage('mine')], null);
    const before = await digestOf(here);
    const report = await importText(here, await exportOf(there));
    expect(report).toMatchObject({ presentIds: [id], newerIds: [id], messageCount: 0 });
    expect(await digestOf(here)).toEqual(before);
  });

  it('forks the new messages of the export if both copies have grown', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    await here.sessions.append(id, [aMessage('mine')], null);
    await there.sessions.append(id, [aMessage('theirs'), anAnswer('yes')], null);
    const before = await here.sessions.get(id);
    const report = await importText(here, await exportOf(there));
    expect(report).toMatchObject({ forked: [{ forkedFrom: id, messageCount: 2 }] });
    const forkId = report.forked[0]!.id;
    expect(isId(forkId)).toBe(true);
    expect(await here.sessions.get(id)).toEqual(before);
    expect(await textsIn(here, id)).toEqual(['q', 'a', 'mine']);
    expect(await textsIn(here, forkId)).toEqual(['q', 'a', 'theirs', 'yes']);
    const [, common] = await here.sessions.messages(id, { limit: 9 });
    expect(await here.sessions.get(forkId)).toMatchObject({
      ...{ handle: null, title: 'Old' },
      forkedFrom: { sessionId: id, messageId: common!.id },
    });

    const digest = await digestOf(here);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(await digestOf(here)).toEqual(digest);

    await there.sessions.append(id, [aMessage('later')], null);
    const grown = await importText(here, await exportOf(there));
    expect(grown.extended).toEqual([{ id: forkId, messageCount: 1 }]);
    await here.sessions.append(forkId, [aMessage('mine too')], null);
    await there.sessions.append(id, [aMessage('latest')], null);
    const again = await importText(here, await exportOf(there));
    expect(again.forked).toMatchObject([{ forkedFrom: forkId, messageCount: 1 }]);
    expect(await textsIn(here, again.forked[0]!.id)).toEqual([
      ...['q', 'a', 'theirs', 'yes', 'later', 'latest'],
    ]);
  });

  it('keeps an undo, unless the export has new messages', async () => {
    const { here, there, id } = await twoStores(['q1', 'a1', 'q2', 'a2']);
    await here.sessions.undoTurn(id, null);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 0, 0, 1, 0, 0]);
    expect(await textsIn(here, id)).toEqual(['q1', 'a1']);
    await there.sessions.append(id, [anAnswer('more')], null);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 1, 0, 0, 0, 0]);
    expect(await digestOf(here)).toEqual(await digestOf(there));
    const [next] = await here.sessions.append(id, [aMessage('q3')], null);
    expect(next).toMatchObject({ seq: 6, turn: 3 });
  });

  it('records calls of new messages as imported, but not the copies in a fork', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    const [mine, theirs, later] = [anAnswer('mine'), anAnswer('theirs'), anAnswer('later')];
    await here.sessions.append(id, [aMessage('q'), mine], null);
    await there.sessions.append(id, [aMessage('q'), theirs], null);
    const { forked } = await importText(here, await exportOf(there));
    const forkId = forked[0]!.id;
    await there.sessions.append(id, [aMessage('q'), later], null);
    await importText(here, await exportOf(there));
    const messages = await here.sessions.messages(id, { limit: 9 });
    const copies = await here.sessions.messages(forkId, { limit: 2, after: 0 });
    expect(copies.map(({ copyOf }) => copyOf)).toEqual(messages.slice(0, 2).map((one) => one.id));
    const entries = await here.transfer.ledger({ after: null, limit: 9 });
    const found = entries.map((entry) => [entry.id, entry.sessionId, entry.origin]);
    expect(found.toSorted()).toEqual(
      [
        [messages[1]!.id, id, 'import'],
        [mine.id, id, null],
        [theirs.id, forkId, 'import'],
        [later.id, forkId, 'import'],
      ].toSorted(),
    );
  });

  it('uses the variant that the export has chosen, when extending and when forking', async () => {
    const { here, there, id } = await twoStores(['q1', 'a1', 'q2', 'a2']);
    const again = async (text: string, of: number) => {
      const [question] = await there.sessions.append(id, [aMessage('q2')], null, { of });
      const place = { turn: question!.turn, isChosen: true };
      await there.sessions.append(id, [anAnswer(text)], null, place);
    };
    await again('a3', 2);
    expect(counts(await importText(here, await exportOf(there)))).toEqual([0, 1, 0, 0, 0, 0]);
    expect(await textsIn(here, id)).toEqual(['q1', 'a1', 'q2', 'a3']);
    expect(await digestOf(here)).toEqual(await digestOf(there));

    await here.sessions.append(id, [aMessage('mine')], null);
    await again('a4', 3);
    const { forked } = await importText(here, await exportOf(there));
    expect(await textsIn(here, forked[0]!.id)).toEqual(['q1', 'a1', 'q2', 'a4']);
    await again('a5', 4);
    await there.sessions.chooseVariant(id, 2, null);
    const { extended } = await importText(here, await exportOf(there));
    expect(extended).toEqual([{ id: forked[0]!.id, messageCount: 2 }]);
    expect(await textsIn(here, forked[0]!.id)).toEqual(['q1', 'a1', 'q2', 'a2']);
    expect(await textsIn(here, id)).toEqual(['q1', 'a1', 'q2', 'a3', 'mine']);
  });

  it('skips a session that another process has open, and reports it', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    await there.sessions.append(id, [aMessage('more')], null);
    const lease = await here.sessions.acquireLease(id, aLeaseRequest());
    const hold = () => Promise.reject(new SessionHeldError(lease, false));
    const report = await importText(here, await exportOf(there), { hold });
    expect(report.refused).toMatchObject([{ id, reason: expect.stringContaining('is open in') }]);
    expect(await textsIn(here, id)).toEqual(['q', 'a']);
  });

  it('reports on a dry run what it would import, and stores nothing', async () => {
    const { here, there, id } = await twoStores(['q', 'a']);
    const { id: other } = await aConversation(there, ['q', 'a']);
    await importText(here, await exportOf(there));
    await aConversation(there, ['new']);
    await here.sessions.append(id, [aMessage('mine')], null);
    await there.sessions.append(id, [aMessage('theirs')], null);
    await there.sessions.append(other, [aMessage('more')], null);
    const before = await digestOf(here);
    const report = await importText(here, await exportOf(there), { isDryRun: true });
    expect(counts(report)).toEqual([1, 1, 1, 0, 0, 0]);
    expect(report.messageCount).toBe(3);
    expect(await digestOf(here)).toEqual(before);
  });

  it('loses nothing on either side, however both have grown, and changes nothing the second time', async () => {
    const ends = fc.record({ here: anyStoredSession, there: anyStoredSession });
    await fc.assert(
      fc.asyncProperty(anyStoredSession, ends, async (sample, end) => {
        const [here, there] = [createMemoryStore(), createMemoryStore()];
        const id = await storeSample(there, { ...sample, isTrashed: false });
        await importText(here, await exportOf(there));
        await appendSample(here, id, end.here.messages);
        await appendSample(there, id, end.there.messages);
        const page = { limit: 500, turns: 'all' as const };
        const mine = await here.sessions.messages(id, page);
        const theirs = await there.sessions.messages(id, page);
        const report = await importText(here, await exportOf(there));
        expect(report.refused).toEqual([]);
        const kept = await here.sessions.messages(id, page);
        expect(kept.slice(0, mine.length)).toEqual(mine);
        const target = report.forked[0]?.id ?? id;
        const brought = await here.sessions.messages(target, page);
        expect(brought.map(({ seq, parts }) => ({ seq, parts })).slice(0, theirs.length)).toEqual(
          theirs.map(({ seq, parts }) => ({ seq, parts })),
        );
        const digest = await digestOf(here);
        const second = counts(await importText(here, await exportOf(there)));
        expect(second.slice(0, 4)).toEqual([0, 0, 0, 1]);
        expect(await digestOf(here)).toEqual(digest);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a copy of a session that has grown', () => {
  it('copies new messages, and reports both as equal', async () => {
    const [source, target] = [createMemoryStore(), createMemoryStore()];
    const { id } = await aConversation(source, ['q', 'a']);
    await copyStore(source, target);
    await source.sessions.append(id, [aMessage('more', { createdAt: at(60) })], null);
    await source.sessions.update(id, { title: 'Named since' });
    const report = await copyStore(source, target);
    expect(report).toMatchObject({ addedCount: 0, extendedCount: 1, differing: [] });
    expect(await digestOf(target)).toEqual(await digestOf(source));
  });

  it('keeps both ends if the target has grown too, and reports that they differ', async () => {
    const [source, target] = [createMemoryStore(), createMemoryStore()];
    const { id } = await aConversation(source, ['q', 'a']);
    await copyStore(source, target);
    await source.sessions.append(id, [aMessage('theirs')], null);
    await target.sessions.append(id, [aMessage('mine')], null);
    expect(await copyStore(source, target)).toMatchObject({ forkedCount: 1, differing: [id] });
    expect(await textsIn(target, id)).toEqual(['q', 'a', 'mine']);
    const digest = await digestOf(target);
    expect(await copyStore(source, target)).toMatchObject({ presentCount: 1, differing: [id] });
    expect(await digestOf(target)).toEqual(digest);
  });
});
