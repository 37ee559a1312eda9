import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { aSession } from '@synapse/test/support/samples';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'synapse-sqlite-changes-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('wakes a reader of another process', async () => {
  const path = join(folder, 'shared.db');
  const store = await openSqliteStore({ path });
  const other = await openSqliteStore({ path });
  const start = await store.changes.position();
  const controller = new AbortController();
  let created = '';
  const found: string[] = [];
  const wakes = store.changes.wake(controller.signal)[Symbol.asyncIterator]();
  while ((await wakes.next()).done !== true) {
    const changes = (await store.changes.since(start, 10)) ?? [];
    found.push(...changes.map(({ sessionId }) => sessionId));
    if (created === '') created = (await other.sessions.create(aSession())).id;
    if (found.length > 0) controller.abort();
  }
  expect(found).toEqual([created]);
  await other.close();
  await store.close();
});

it('gives no position again after all changes were pruned', async () => {
  const path = join(folder, 'pruned.db');
  const store = await openSqliteStore({ path });
  await store.sessions.create(aSession());
  const before = await store.changes.position();
  await store.changes.prune(new Date(Date.now() + 60_000));
  await store.close();
  const again = await openSqliteStore({ path });
  expect(await again.changes.position()).toBe(before);
  await again.sessions.create(aSession());
  expect(await again.changes.since(before, 10)).toMatchObject([{ position: before + 1 }]);
  await again.close();
});
