import { describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { aMessage, aSession, noon } from '@synapse/test/support/samples';
import { copyStore, type CopiedStore } from './copy-store.ts';

/** The store, in which another process does `work` as soon as the messages of a session were read. */
function changedAfterReading(store: Store, work: (sessionId: string) => Promise<unknown>) {
  let isDone = false;
  const messages: Store['sessions']['messages'] = async (id, page) => {
    const read = await store.sessions.messages(id, page);
    if (!isDone) {
      isDone = true;
      await work(id);
    }
    return read;
  };
  return { ...store, sessions: sharing(store.sessions, { messages }) } satisfies CopiedStore;
}

/** The store, in which another process does `work` as soon as its sessions were listed. */
function changedAfterListing(store: Store, work: () => Promise<unknown>) {
  const sessionsAfter: Store['transfer']['sessionsAfter'] = async (...page) => {
    const sessions = await store.transfer.sessionsAfter(...page);
    await work();
    return sessions;
  };
  return { ...store, transfer: sharing(store.transfer, { sessionsAfter }) } satisfies CopiedStore;
}

function sharing<T extends object>(whole: T, changed: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      const own = changed[name as keyof T] ?? target[name as keyof T];
      return typeof own === 'function' ? (own as () => unknown).bind(target) : own;
    },
  });
}

describe('copyStore', () => {
  it('copies what another process adds to a session while it is copied', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    await store.sessions.append(id, [aMessage('one')], null);
    const source = changedAfterReading(store, () =>
      store.sessions.append(id, [aMessage('two')], null),
    );
    const target = createMemoryStore();
    const report = await copyStore(source, target);
    expect(report).toMatchObject({ addedCount: 1, extendedCount: 0, differing: [] });
    expect(await target.sessions.messages(id, { limit: 5 })).toHaveLength(2);
  });

  it('reports a session that never stops changing', async () => {
    const store = createMemoryStore();
    const { id } = await store.sessions.create(aSession());
    const append = () => store.sessions.append(id, [aMessage('more')], null);
    await append();
    const ledger: Store['transfer']['ledger'] = async (page) => {
      await append();
      return store.transfer.ledger(page);
    };
    const source = { ...store, transfer: sharing(store.transfer, { ledger }) };
    expect(await copyStore(source, createMemoryStore())).toMatchObject({ differing: [id] });
  });

  it('leaves out a session that another process purges meanwhile', async () => {
    const store = createMemoryStore();
    const gone = await store.sessions.create(aSession());
    const kept = await store.sessions.create(aSession());
    await store.sessions.append(gone.id, [aMessage('one')], null);
    const purge = async () => {
      await store.sessions.trash(gone.id, noon);
      await store.sessions.purge([gone.id]);
    };
    const target = createMemoryStore();
    const report = await copyStore(changedAfterListing(store, purge), target);
    expect(report).toMatchObject({ sessionCount: 1, addedCount: 1, differing: [] });
    expect(await target.sessions.get(gone.id)).toBeUndefined();
    expect(await target.sessions.get(kept.id)).toBeDefined();
  });

  it('counts copied attachments, but not missing ones', async () => {
    const source = createMemoryStore();
    const { id } = await source.sessions.create(aSession());
    const there = await source.attachments.put({
      ...{ bytes: Uint8Array.of(1), mediaType: 'image/png', name: null },
    });
    const gone = { ...there, sha256: '0'.repeat(64) };
    const parts = [there, gone].map((attachment) => ({ type: 'image' as const, attachment }));
    await source.sessions.append(id, [{ ...aMessage('look'), parts }], null);
    const target = createMemoryStore();
    expect(await copyStore(source, target)).toMatchObject({ addedCount: 1, attachmentCount: 1 });
    expect(await target.attachments.get(there.sha256)).toEqual(Uint8Array.of(1));
  });
});
