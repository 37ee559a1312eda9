import { expect } from '@jest/globals';
import { newId, type Message, type Store } from '@synapse/core';
import type { Change } from '@synapse/core/server';
import { aConversation, aMessage, aSession, at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { changesOfASession } from '../session-store/revision-cases.ts';

const kinds: Record<string, Change['kind']> = {
  ...{ 'another title': 'session', 'a tag': 'session', 'no tag': 'session' },
  ...{ 'the trash': 'session', 'out of the trash': 'session' },
};

/** All changes after a position, read in pages. */
async function changesAfter({ changes }: Store, start: number, limit = 2): Promise<Change[]> {
  const all: Change[] = [];
  for (let position = start; ;) {
    const page = (await changes.since(position, limit)) ?? [];
    all.push(...page);
    const last = page.at(-1);
    if (!last) return all;
    position = last.position;
  }
}

function facts(changes: readonly Change[]): string[] {
  return changes.map(({ kind, sessionId, revision }) => `${kind} ${sessionId} ${revision}`);
}

export const changeCases: ContractCases<Store> = {
  'tells each change of a session, of its kind and with its revision': async (store) => {
    const start = await store.changes.position();
    const { id } = await store.sessions.create(aSession());
    let position = await store.changes.position();
    expect(facts(await changesAfter(store, start))).toEqual([`session ${id} 0`]);
    for (const [name, change] of Object.entries(changesOfASession)) {
      await change(store, id);
      const { revision = 0 } = (await store.sessions.get(id)) ?? {};
      const found = await changesAfter(store, position);
      expect({ name, last: facts(found).at(-1) }).toEqual({
        name,
        last: `${kinds[name] ?? 'messages'} ${id} ${revision}`,
      });
      position = await store.changes.position();
    }
    await store.sessions.purge([id]);
    expect(await changesAfter(store, position)).toMatchObject([{ kind: 'removed', sessionId: id }]);
  },

  'tells nothing of reads, leases and changes that change nothing': async (store) => {
    const { id, messages } = await aConversation(store, ['q', 'a']);
    const start = await store.changes.position();
    await store.sessions.append(id, messages, null);
    await store.sessions.update(id, { pinned: false });
    await store.sessions.get(id);
    expect(await store.changes.since(start, 10)).toEqual([]);
  },

  'has one change for an imported session, however long': async (store) => {
    const start = await store.changes.position();
    const { id: source, messages } = await aConversation(store, ['q', 'a']);
    const long = Array.from({ length: 1200 }, (_, index) => ({
      ...messages[index % 2]!,
      ...{ id: newId(), seq: index + 1, turn: Math.floor(index / 2) + 1 },
    }));
    async function* pages(): AsyncGenerator<readonly Message[]> {
      for (let first = 0; first < long.length; first += 400) yield long.slice(first, first + 400);
    }
    const session = (await store.sessions.get(source))!;
    const before = await store.changes.position();
    const one = { ...session, id: newId(), revision: 7 };
    await store.transfer.addSession(one, pages());
    const others = [newId(), newId()].map((id) => ({
      session: { ...session, id, revision: 3 },
      messages: [],
    }));
    await store.transfer.addSessions(others);
    const found = facts(await changesAfter(store, before));
    expect(found.sort()).toEqual(
      [`session ${one.id} 7`, ...others.map((other) => `session ${other.session.id} 3`)].sort(),
    );
    expect(before).toBeGreaterThan(start);
  },

  'gives every position once, in order, and each page goes on where the last ended': async (
    store,
  ) => {
    const start = await store.changes.position();
    const ids = await Promise.all(
      Array.from({ length: 6 }, async () => (await store.sessions.create(aSession())).id),
    );
    await Promise.all(
      ids.flatMap((id) => [
        store.sessions.append(id, [aMessage('one')], null),
        store.sessions.append(id, [aMessage('two')], null),
      ]),
    );
    for (const limit of [1, 2, 5, 100]) {
      const all = await changesAfter(store, start, limit);
      expect(all).toHaveLength(18);
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      expect(new Set(facts(all)).size).toBe(18);
    }
  },

  'does not divide the changes of a purge that share a position': async (store) => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.push((await store.sessions.create(aSession())).id);
    }
    const start = await store.changes.position();
    await store.sessions.purge(ids);
    const removed = await changesAfter(store, start, 2);
    expect(removed.map(({ sessionId }) => sessionId).sort()).toEqual(ids.sort());
  },

  'tells an owner only of changes to their own sessions': async (store) => {
    const start = await store.changes.position();
    const mine = await store.sessions.create(aSession({ owner: 'ann' }));
    const local = await store.sessions.create(aSession());
    await store.sessions.append(mine.id, [aMessage('q')], null);
    await store.sessions.purge([mine.id]);
    const read = async (owner: string | null) =>
      (await store.changes.since(start, 10, { owner }))?.map(({ sessionId }) => sessionId);
    expect(await read('ann')).toEqual([mine.id, mine.id, mine.id]);
    expect(await read(null)).toEqual([local.id]);
    expect(await read('bob')).toEqual([]);
  },

  'tells a reader that it missed pruned changes': async (store) => {
    const start = await store.changes.position();
    const { id } = await store.sessions.create(aSession());
    expect(await store.changes.prune(new Date(0))).toBe(0);
    expect(facts(await changesAfter(store, start))).toEqual([`session ${id} 0`]);
    const later = new Date(Date.now() + 86_400_000);
    expect(await store.changes.prune(later)).toBeGreaterThan(0);
    expect(await store.changes.since(start, 10)).toBeNull();
    const position = await store.changes.position();
    expect(await store.changes.since(position, 10)).toEqual([]);
    await store.sessions.trash(id, noon);
    expect(facts(await changesAfter(store, position))).toEqual([`session ${id} 1`]);
    expect(await store.changes.prune(later)).toBe(1);
    expect(await store.changes.prune(later)).toBe(0);
  },

  'loses its old changes when a cleanup drops what is forgotten': async (store) => {
    const start = await store.changes.position();
    const { id } = await store.sessions.create(aSession());
    await store.retention.dropForgotten(new Date(0));
    expect(facts(await changesAfter(store, start))).toEqual([`session ${id} 0`]);
    await store.retention.dropForgotten(new Date(Date.now() + 86_400_000));
    expect(await store.changes.since(start, 10)).toBeNull();
    expect(await store.changes.since(await store.changes.position(), 10)).toEqual([]);
  },

  'tells a reader with a position of another store': async (store) => {
    const position = await store.changes.position();
    expect(await store.changes.since(position + 1_000_000, 10)).toBeNull();
  },

  'tells of what a cleanup moves and removes': async (store) => {
    const { id } = await aConversation(store, ['q', 'a']);
    const start = await store.changes.position();
    const audit = { at: at(90), reason: 'old' };
    const moved = await store.retention.candidates({ inactiveSince: at(60), limit: 5 });
    await store.retention.trash(moved, audit);
    const expired = await store.retention.expiredTrash(at(100), 5);
    await store.retention.purge(expired, audit);
    expect((await changesAfter(store, start)).map(({ kind }) => kind)).toEqual([
      'session',
      'removed',
    ]);
    expect(await store.sessions.get(id)).toBeUndefined();
  },

  'wakes a reader at once, after a change, and ends with its signal': async (store) => {
    const controller = new AbortController();
    const start = await store.changes.position();
    const found: string[] = [];
    let created = '';
    const wakes = store.changes.wake(controller.signal)[Symbol.asyncIterator]();
    while ((await wakes.next()).done !== true) {
      found.push(...facts(await changesAfter(store, start)));
      if (created === '') created = (await store.sessions.create(aSession())).id;
      if (found.length > 0) controller.abort();
    }
    expect(found).toEqual([`session ${created} 0`]);
    const late = store.changes.wake(controller.signal)[Symbol.asyncIterator]();
    expect((await late.next()).done).toBe(true);
  },
};
