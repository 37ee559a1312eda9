import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { usePostgres } from '../support/postgres-for-tests.ts';
import { aMessage, noon } from '../support/samples.ts';
import { startStoreProcess, type StoreTask } from '../support/store-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const CLAIM_MS = 10 * 60 * 1000;
const MESSAGES = 100;

const folder = temporaryFolder();
const postgres = usePostgres();

const engines = {
  sqlite: () => {
    const options = { path: join(folder, 'synapse.db') };
    return { options, open: () => openSqliteStore(options) };
  },
  postgres: () => {
    const options = { url: postgres.url, schema: postgres.newSchema(), allowForeign: true };
    return { options, open: () => openPostgresStore(options) };
  },
};

async function trashSessions(store: Store, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { id } = await store.sessions.create({ id: newId(), createdAt: noon });
    const messages = Array.from({ length: MESSAGES }, () => aMessage('fox'));
    await store.sessions.append(id, messages, null);
    await store.sessions.trash(id, noon);
    ids.push(id);
  }
  return ids;
}

/** Ids of what is left, after a look that nothing of it is missing. */
async function readWhole(store: Store): Promise<string[]> {
  expect(await store.maintenance.check()).toEqual([]);
  const left = await store.transfer.sessionsAfter(null, 500);
  for (const { id, messageCount } of left) {
    expect(messageCount).toBe(MESSAGES);
    expect(await store.sessions.messages(id, { limit: 500 })).toHaveLength(MESSAGES);
  }
  return left.map(({ id }) => id);
}

async function readAudited(store: Store): Promise<string[]> {
  return (await store.retention.audit(1000)).map(({ sessionId }) => sessionId).sort();
}

describe.each(['sqlite', 'postgres'] as const)('cleanups on %s', (engine) => {
  let onTestEnd: () => Promise<void>;
  afterEach(() => onTestEnd());

  it('leave no session half deleted when they are killed, or many begin at once', async () => {
    const { options, open } = engines[engine]();
    const store = await open();
    onTestEnd = () => store.close();
    const ids: string[] = [];
    let nowMs = noon.getTime() + 40 * DAY_MS;
    const task = (): StoreTask => ({ engine, options, cleansUpAtMs: nowMs });

    for (const kept of [1, 2, 3]) {
      ids.push(...(await trashSessions(store, 20)));
      await store.sessions.restore(ids.pop()!, noon);
      const cleaner = await startStoreProcess(task());
      cleaner.go();
      await cleaner.until(1);
      cleaner.kill();
      await cleaner.ended;
      expect(await readWhole(store)).toHaveLength(kept);
      expect(await readAudited(store)).toEqual([...ids].sort());
      expect(await store.retention.isScrubDue()).toBe(true);
      nowMs += CLAIM_MS;
    }

    ids.push(...(await trashSessions(store, 20)));
    const cleaners = await Promise.all(Array.from({ length: 8 }, () => startStoreProcess(task())));
    for (const cleaner of cleaners) cleaner.go();
    const complaints = await Promise.all(cleaners.map(({ ended }) => ended));
    expect(complaints).toEqual(cleaners.map(() => ''));
    expect(await readWhole(store)).toHaveLength(3);
    expect(await readAudited(store)).toEqual(ids.sort());
    const left = { sessionCount: 3, messageCount: 3 * MESSAGES };
    expect(await store.maintenance.info()).toMatchObject(left);
  });
});
