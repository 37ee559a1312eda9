import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  aSession,
  anAnswer,
  textsOf,
} from '@synapse/test/support/samples';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer();
});
afterAll(() => server.stop());

async function run(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

const END_OTHERS =
  'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname is not null';

/** A store in a database of its own. */
async function aStoreIn(name: string) {
  await run(`create database ${name}`);
  const url = server.url.replace('/postgres', `/${name}`);
  return { url, store: await openPostgresStore({ url, allowForeign: false }) };
}

describe('a PostgreSQL store whose database is replaced while it is open', () => {
  it('by an older copy refuses to continue a session that lacks its newest messages', async () => {
    const { store } = await aStoreIn('restored');
    const { sessions } = store;
    const { id } = await aConversation(store, ['q', 'a']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await run(END_OTHERS, 'create database backup template restored');
    await sessions.append(id, [aMessage('lost')], lease);
    await sessions.append(id, [anAnswer('lost, too')], lease);
    const newer = await sessions.create(aSession());
    const newerLease = await sessions.acquireLease(newer.id, aLeaseRequest());
    await run(END_OTHERS, 'drop database restored with (force)');
    await run('alter database backup rename to restored');

    const replaced = {
      code: 'SYNAPSE_STORAGE_REPLACED',
      message: `The database was replaced by an older copy: 2 messages are missing from session ${id}.`,
    };
    const next = [aMessage('next')];
    await expect(sessions.append(id, next, lease)).rejects.toMatchObject(replaced);
    await expect(sessions.undoTurn(id, lease)).rejects.toMatchObject(replaced);
    await expect(sessions.append(newer.id, next, newerLease)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_NOT_FOUND',
      hint: expect.stringContaining('an older copy') as unknown,
    });
    expect(textsOf(await sessions.messages(id, { limit: 9 }))).toEqual(['q', 'a']);

    const again = await sessions.acquireLease(id, aLeaseRequest({ takeOver: lease.token }));
    expect(await sessions.append(id, next, again)).toMatchObject([{ seq: 3 }]);
    await store.close();
  });

  it('by an empty one reports that, and begins a session there once it has tables', async () => {
    const { url, store } = await aStoreIn('emptied');
    const { id } = await aConversation(store, ['q']);
    await run(END_OTHERS, 'drop database emptied with (force)', 'create database emptied');
    const emptied = {
      code: 'SYNAPSE_STORAGE_REPLACED',
      message: expect.stringContaining('no longer has the tables of Synapse') as unknown,
      action: expect.objectContaining({ name: 'renew-tables' }) as unknown,
    };
    await expect(store.sessions.append(id, [aMessage('a')], null)).rejects.toMatchObject(emptied);
    await expect(store.sessions.create(aSession())).rejects.toMatchObject(emptied);
    await expect(store.sessions.list({ limit: 5 })).rejects.toMatchObject(emptied);
    await (await openPostgresStore({ url, allowForeign: false })).close();
    await aConversation(store, ['new']);
    await store.close();
  });

  it('by one with an older schema reports the versions', async () => {
    const { store } = await aStoreIn('aged');
    const client = new pg.Client({ connectionString: server.url.replace('/postgres', '/aged') });
    await client.connect();
    await client.query('delete from synapse.schema_migrations where version > 3');
    await client.query('drop table synapse.audit');
    await client.end();
    await expect(store.retention.audit(5)).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_REPLACED',
      message: expect.stringContaining('now has schema version 3') as unknown,
    });
    await store.close();
  });
});
