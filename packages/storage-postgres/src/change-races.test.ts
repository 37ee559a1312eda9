import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aMessage, aSession } from '@synapse/test/support/samples';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();
let schema = '';
let store: Store;
let slow: pg.Client;

beforeAll(async () => {
  schema = postgres.newSchema();
  store = await openPostgresStore({ url: postgres.url, schema, allowForeign: true });
  slow = new pg.Client(postgres.url);
  await slow.connect();
});
afterAll(async () => {
  await slow.end();
  await store.close();
});

async function changedSince(position: number): Promise<string[] | undefined> {
  const changes = await store.changes.since(position, 10);
  return changes?.map(({ sessionId }) => sessionId);
}

it('shows no change before an earlier one that a slow transaction commits later', async () => {
  const { id: first } = await store.sessions.create(aSession());
  const { id: second } = await store.sessions.create(aSession());
  const start = await store.changes.position();
  await slow.query('begin');
  await slow.query(`update "${schema}".sessions set revision = revision + 1 where id = $1`, [
    first,
  ]);
  await store.sessions.append(second, [aMessage('q')], null);
  expect(await changedSince(start)).toEqual([]);
  const meanwhile = await store.changes.position();
  await slow.query('commit');
  expect(await changedSince(start)).toEqual([first, second]);
  expect(await changedSince(meanwhile)).toEqual([first, second]);
  expect(await changedSince(await store.changes.position())).toEqual([]);
});

it('does not wait for transactions that write elsewhere', async () => {
  const { id } = await store.sessions.create(aSession());
  const start = await store.changes.position();
  await slow.query('begin');
  await slow.query('create temporary table elsewhere (id integer) on commit drop');
  await slow.query('insert into elsewhere values (1)');
  await store.sessions.append(id, [aMessage('q')], null);
  expect(await changedSince(start)).toEqual([id]);
  await slow.query('commit');
});

it('wakes a reader of another process', async () => {
  const other = await openPostgresStore({ url: postgres.url, schema, allowForeign: true });
  const start = await store.changes.position();
  const controller = new AbortController();
  let created = '';
  const found: string[] = [];
  const wakes = store.changes.wake(controller.signal)[Symbol.asyncIterator]();
  while ((await wakes.next()).done !== true) {
    found.push(...((await changedSince(start)) ?? []));
    if (created === '') created = (await other.sessions.create(aSession())).id;
    if (found.length > 0) controller.abort();
  }
  expect(found).toEqual([created]);
  await other.close();
});
