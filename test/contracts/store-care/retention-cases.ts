import { expect } from '@jest/globals';
import type { Message, Store } from '@synapse/core';
import type { RetentionCandidate } from '@synapse/core/store-kit';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  at,
  noon,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const ALL = { inactiveSince: at(100), limit: 100 };
const NOTE = { at: at(100), reason: 'too old' };

async function aQuietSession({ sessions }: Store, second: number): Promise<string> {
  return (await sessions.create(aSession({ createdAt: at(second) }))).id;
}

function idsOf(candidates: readonly RetentionCandidate[]): string[] {
  return candidates.map(({ sessionId }) => sessionId);
}

async function* pagesOf(messages: readonly Message[]) {
  yield messages;
}

/** Asked so often, it is aborted. */
function abortedAfter(steps: number): AbortSignal {
  let left = steps;
  return {
    get aborted() {
      return left-- <= 0;
    },
  } as AbortSignal;
}

async function expectNowhere({ sessions }: Store, id: string, messageId: string): Promise<void> {
  const expected = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
  expect(await sessions.get(id)).toBeUndefined();
  for (const refused of [
    () => sessions.messages(id, { limit: 9 }),
    () => sessions.messages(id, { limit: 9, after: 1300 }),
    () => sessions.message(id, messageId),
    () => sessions.restore(id, noon),
    () => sessions.trash(id, noon),
    () => sessions.update(id, { pinned: true }),
    () => sessions.append(id, [aMessage('q')], null),
    () => sessions.undoTurn(id, null),
    () => sessions.clear(id, null),
    () => sessions.fork(id, aSession()),
    () => sessions.acquireLease(id, aLeaseRequest()),
  ]) {
    await expect(refused()).rejects.toMatchObject(expected);
  }
}

export const retentionCases: ContractCases<Store> = {
  'drops bytes that no message has come to refer to, when they are no longer new': async (
    store,
  ) => {
    const { attachments, retention, sessions } = store;
    const put = (...bytes: number[]) =>
      attachments.put({ bytes: Uint8Array.from(bytes), mediaType: 'x/y', name: null });
    const [held, undone, forgotten] = [await put(1), await put(2), await put(3)];
    const { id } = await sessions.create(aSession());
    for (const attachment of [held, undone]) {
      await sessions.append(id, [aMessage('', { parts: [{ type: 'file', attachment }] })], null);
    }
    await sessions.undoTurn(id, null);
    const [past, future] = [-1, 1].map((minutes) => new Date(Date.now() + minutes * 60_000));
    expect(await retention.dropForgotten(past!)).toBe(0);
    expect(await attachments.get(forgotten.sha256)).toBeDefined();
    expect(await retention.dropForgotten(future!)).toBe(1);
    expect(await retention.dropForgotten(future!)).toBe(0);
    expect(await attachments.get(forgotten.sha256)).toBeUndefined();
    for (const { sha256 } of [held, undone]) expect(await attachments.get(sha256)).toBeDefined();
    await sessions.purge([id]);
    for (const { sha256 } of [held, undone]) expect(await attachments.get(sha256)).toBeUndefined();
  },

  'drops any number of such bytes': async ({ attachments, retention }) => {
    for (let index = 0; index < 120; index += 1) {
      const bytes = Uint8Array.from([index, 1]);
      await attachments.put({ bytes, mediaType: 'x/y', name: null });
    }
    const future = new Date(Date.now() + 60_000);
    const count = await retention.dropForgotten(future, abortedAfter(3));
    expect(count + (await retention.dropForgotten(future))).toBe(120);
  },

  'names the sessions that may go, oldest activity first': async (store) => {
    const late = await aQuietSession(store, 3);
    const { id } = await aConversation(store, ['q', 'a'], { title: 'T', handle: 'h' });
    const early = await aQuietSession(store, -3);
    const candidates = await store.retention.candidates(ALL);
    expect(idsOf(candidates)).toEqual([early, id, late]);
    expect(candidates[1]).toEqual({
      ...{ sessionId: id, title: 'T', handle: 'h', updatedAt: at(1), messageCount: 2 },
    });
    const older = { ...ALL, inactiveSince: at(1) };
    expect(idsOf(await store.retention.candidates(older))).toEqual([early]);
    expect(idsOf(await store.retention.candidates({ ...ALL, limit: 2 }))).toEqual([early, id]);
  },

  'orders those of one moment by their id': async (store) => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => aQuietSession(store, 0)));
    expect(idsOf(await store.retention.candidates(ALL))).toEqual(ids.sort());
  },

  'spares what is pinned, archived, imported, leased, answering or in the trash': async (store) => {
    const { sessions, retention } = store;
    await sessions.create(aSession({ pinned: true }));
    await sessions.create(aSession({ origin: 'codex' }));
    const leased = await aQuietSession(store, 0);
    await sessions.acquireLease(leased, aLeaseRequest());
    const freed = await aQuietSession(store, 0);
    await sessions.acquireLease(freed, aLeaseRequest({ durationMs: 0 }));
    const answering = await aQuietSession(store, 0);
    await sessions.append(answering, [anAnswer('…', { status: 'running' })], null);
    await sessions.trash(await aQuietSession(store, 0), noon);
    const archived = await aQuietSession(store, 1);
    await sessions.update(archived, { archived: true });
    expect(idsOf(await retention.candidates(ALL))).toEqual([freed]);
  },

  'spares sessions that got a message after a mark, whatever its time': async (store) => {
    const { sessions, retention, transfer } = store;
    expect(await retention.mark()).toBe(0);
    const empty = await aQuietSession(store, 0);
    const before = await aConversation(store, ['q']);
    const both = await aConversation(store, ['q']);
    const mark = await retention.mark();
    expect(idsOf(await retention.candidates({ ...ALL, mark }))).toHaveLength(3);
    await sessions.append(both.id, [aMessage('q2', { createdAt: at(-1e6) })], null);
    const after = await aConversation(store, ['q']);
    const fork = await sessions.fork(before.id, aSession());
    const imported = { ...(await sessions.get(before.id))!, id: aSession().id };
    const messages = [{ ...before.messages[0]!, id: aSession().id, sessionId: imported.id }];
    await transfer.addSession(imported, pagesOf(messages));
    expect(await retention.mark()).toBeGreaterThan(mark);
    const ids = idsOf(await retention.candidates({ ...ALL, mark }));
    expect(ids.sort()).toEqual([empty, before.id].sort());
    const later = { ...ALL, mark: await retention.mark() };
    expect(idsOf(await retention.candidates(later)).sort()).toEqual(
      [empty, before.id, both.id, after.id, fork.id, imported.id].sort(),
    );
  },

  'ranks and counts by activity what a limit applies to, and nothing else': async (store) => {
    const { sessions, retention } = store;
    expect(await retention.activityAtRank(1)).toBeNull();
    expect(await retention.countActive({}, 9)).toBe(0);
    for (const second of [3, 1, 2, 2]) await aQuietSession(store, second);
    await sessions.create(aSession({ pinned: true, createdAt: at(9) }));
    await sessions.create(aSession({ archived: true, createdAt: at(9) }));
    await sessions.create(aSession({ origin: 'codex', createdAt: at(9) }));
    await sessions.trash(await aQuietSession(store, 9), noon);
    const ranked = await Promise.all([1, 2, 3, 4, 5].map((rank) => retention.activityAtRank(rank)));
    expect(ranked).toEqual([at(3), at(2), at(2), at(1), null]);
    expect(await retention.countActive({}, 9)).toBe(4);
    expect(await retention.countActive({}, 3)).toBe(3);
    expect(await retention.countActive({ before: at(2) }, 9)).toBe(1);
    expect(await retention.countActive({ since: at(2) }, 9)).toBe(3);
    expect(await retention.countActive({ since: at(2), before: at(3) }, 9)).toBe(2);
  },

  'knows the newest activity, living or not': async (store) => {
    expect(await store.retention.newestActivity()).toBeNull();
    await store.sessions.create(aSession({ pinned: true }));
    await store.sessions.trash(await aQuietSession(store, 5), noon);
    expect(await store.retention.newestActivity()).toEqual(at(5));
  },

  'moves to the trash, with a line in the audit': async (store) => {
    const { id } = await aConversation(store, ['q'], { title: 'T' });
    const candidates = await store.retention.candidates(ALL);
    expect(await store.retention.trash(candidates, NOTE)).toEqual([id]);
    expect((await store.sessions.get(id))?.deletedAt).toEqual(NOTE.at);
    expect(await store.retention.audit(9)).toEqual([
      { action: 'trash', sessionId: id, title: 'T', ...NOTE },
    ]);
    expect(await store.retention.candidates(ALL)).toEqual([]);
    expect(await store.retention.trash(candidates, NOTE)).toEqual([]);
    expect(await store.retention.audit(9)).toHaveLength(1);
  },

  'leaves alone whoever has changed since they were named': async (store) => {
    const { sessions, retention } = store;
    const active = await aConversation(store, ['q']);
    const pinned = await aQuietSession(store, 0);
    const leased = await aQuietSession(store, 0);
    const purged = await aQuietSession(store, 0);
    const answering = await aQuietSession(store, 0);
    const archived = await aQuietSession(store, 0);
    const candidates = await retention.candidates(ALL);
    expect(candidates).toHaveLength(6);
    await sessions.update(archived, { archived: true });
    await sessions.append(active.id, [anAnswer('a', { createdAt: at(50) })], null);
    await sessions.update(pinned, { pinned: true });
    await sessions.acquireLease(leased, aLeaseRequest());
    await sessions.purge([purged]);
    await sessions.append(answering, [anAnswer('…', { status: 'running' })], null);
    expect(await retention.trash(candidates, NOTE)).toEqual([]);
    expect(await retention.audit(9)).toEqual([]);
    expect((await sessions.list({ limit: 9, archived: 'any' })).items).toHaveLength(5);
  },

  'names what lies in the trash for too long, and purges it': async (store) => {
    const { sessions, retention } = store;
    const long = await aConversation(store, ['q', 'a'], { title: 'T' });
    const brief = await aQuietSession(store, 0);
    const longest = await aQuietSession(store, 0);
    await sessions.trash(long.id, at(2));
    await sessions.trash(brief, at(3));
    await sessions.trash(longest, at(1));
    const expired = await retention.expiredTrash(at(3), 9);
    expect(idsOf(expired)).toEqual([longest, long.id]);
    expect(idsOf(await retention.expiredTrash(at(3), 1))).toEqual([longest]);
    await sessions.restore(longest, at(4));
    expect(await retention.purge(expired, NOTE)).toEqual([long.id]);
    expect(await sessions.get(long.id)).toBeUndefined();
    expect(await sessions.get(longest)).toBeDefined();
    expect(await retention.audit(9)).toEqual([
      { action: 'purge', sessionId: long.id, title: 'T', ...NOTE },
    ]);
  },

  'takes a session away at once, however long it takes to remove what it held': async (store) => {
    const { sessions, retention, search, transfer, usage, maintenance } = store;
    const { id, messages } = await aConversation(store, Array<string>(1200).fill('a fox'), {
      ...{ title: 'T', handle: 'work', tags: ['x'] },
    });
    const bytes = Buffer.from('bytes');
    const attachment = await store.attachments.put({ bytes, mediaType: 'a/b', name: 'n' });
    await sessions.append(id, [aMessage('', { parts: [{ type: 'file', attachment }] })], null);
    await sessions.trash(id, at(1));
    const expired = await retention.expiredTrash(at(2), 9);
    expect(await retention.purge(expired, NOTE)).toEqual([id]);
    for (const steps of [0, 1, 2]) {
      await retention.scrub(abortedAfter(steps));
      await expectNowhere(store, id, messages[600]!.id);
      expect((await sessions.find('work')).concat(await sessions.find('T'))).toEqual([]);
      const { items } = await sessions.list({ limit: 9, trashed: 'any', tag: 'x' });
      expect(items).toEqual([]);
      expect(await transfer.sessionsAfter(null, 9)).toEqual([]);
      const query = { terms: [[{ tokens: ['fox'], isPrefix: false }]], excluded: [] };
      expect((await search.search(query, { limit: 9 })).items).toEqual([]);
      // What it has cost is known all the same.
      expect(await usage.usage({ by: 'tag' })).toMatchObject([{ key: null, answerCount: 600 }]);
      expect(await retention.expiredTrash(at(2), 9)).toEqual([]);
      expect(await retention.newestActivity()).toBeNull();
      expect(await retention.purge(expired, NOTE)).toEqual([]);
      expect(await retention.audit(9)).toHaveLength(1);
      expect(await maintenance.check()).toEqual([]);
    }
    const other = await aConversation(store, ['kept'], { handle: 'work' });
    await retention.scrub();
    expect(await retention.isScrubDue()).toBe(false);
    expect(await maintenance.info()).toMatchObject({ sessionCount: 1, messageCount: 1 });
    expect(await store.attachments.get(attachment.sha256)).toBeUndefined();
    expect(await sessions.messages(other.id, { limit: 9 })).toEqual(other.messages);
    expect(await sessions.create(aSession({ id }))).toMatchObject({ id, tags: [] });
  },

  'keeps the audit of what is gone, newest first': async (store) => {
    for (let second = 0; second < 3; second += 1) {
      const id = await aQuietSession(store, 0);
      await store.retention.trash(await store.retention.candidates(ALL), {
        ...NOTE,
        at: at(second),
      });
      await store.sessions.purge([id]);
    }
    const times = (await store.retention.audit(2)).map((entry) => entry.at);
    expect(times).toEqual([at(2), at(1)]);
  },

  'stores its memo for the next run': async ({ retention }) => {
    const nothing = {
      ...{ lastRunAt: null, heldSince: null, nextLookAt: null, announcedAt: null },
      ...{ mark: null, markBefore: null, lastHintAt: null },
    };
    expect(await retention.memo()).toEqual(nothing);
    await retention.saveMemo({ lastRunAt: noon, heldSince: at(1), mark: 7, nextLookAt: at(3) });
    await retention.saveMemo({ lastHintAt: at(2), heldSince: null, markBefore: 0 });
    await retention.saveMemo({ announcedAt: at(4) });
    expect(await retention.memo()).toEqual({
      ...{ lastRunAt: noon, heldSince: null, nextLookAt: at(3), announcedAt: at(4) },
      ...{ mark: 7, markBefore: 0, lastHintAt: at(2) },
    });
    await retention.saveMemo({ mark: null, markBefore: null });
    expect(await retention.memo()).toMatchObject({ mark: null, markBefore: null });
  },

  'lets one cleanup at a time begin': async ({ retention }) => {
    const claim = (token: string, second: number) =>
      retention.claim({ token, now: at(second), durationMs: 10_000 });
    expect(await claim('a', 0)).toBe(true);
    expect(await claim('b', 9)).toBe(false);
    await retention.releaseClaim('b');
    expect(await claim('b', 9)).toBe(false);
    await retention.releaseClaim('a');
    expect(await claim('b', 9)).toBe(true);
    expect(await claim('c', 19)).toBe(true);
    await retention.saveMemo({ lastRunAt: noon });
    expect(await claim('d', 20)).toBe(false);
  },

  'does not wait for a claim that a wrong clock has made': async ({ retention }) => {
    expect(await retention.claim({ token: 'a', now: at(1e6), durationMs: 10_000 })).toBe(true);
    expect(await retention.claim({ token: 'b', now: at(0), durationMs: 10_000 })).toBe(true);
  },

  'lets only one of many begin': async ({ retention }) => {
    const tokens = ['a', 'b', 'c', 'd', 'e', 'f'];
    const claims = tokens.map((token) => retention.claim({ token, now: noon, durationMs: 1000 }));
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  },
};
