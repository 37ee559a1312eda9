import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { aConversation, aMessage, textsOf } from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ maxConnections: 12 });
  await withClient(async (client) => {
    await client.query("create role single login password 'single' connection limit 1");
    await client.query('grant create on database postgres to single');
  });
});
afterAll(() => server.stop());

async function withClient<T>(work: (client: pg.Client) => Promise<T>, url = server.url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

const urlOf = (role: string) => server.url.replace(/\/\/[^@]*@/, `//${role}:${role}@`);

describe('a PostgreSQL role that is limited to one connection', () => {
  it('creates, uses, vacuums and checks a database', async () => {
    const options = { url: urlOf('single'), schema: 'alone', allowForeign: true };
    const store = await openPostgresStore(options);
    const { id } = await aConversation(store, ['q', 'a']);
    const lists = Array.from({ length: 6 }, () => store.sessions.list({ limit: 5 }));
    const appends = ['b', 'c'].map((text) => store.sessions.append(id, [aMessage(text)], null));
    await Promise.all([...lists, ...appends]);
    await store.maintenance.vacuum();
    await store.maintenance.analyze();
    expect(await store.maintenance.check()).toEqual([]);
    expect(await store.sessions.messages(id, { limit: 9 })).toHaveLength(4);
    await store.sessions.purge([id]);
    await store.close();
    await (await openPostgresStore(options)).close();
  });
});

describe('a PostgreSQL server without a connection left', () => {
  it('is retried until one is free', async () => {
    const other = new pg.Client({ connectionString: urlOf('single') });
    await other.connect();
    let refusals = 0;
    const proxy = await openTcpProxy({
      port: server.port,
      onAnswer: (data, client) => {
        if (data.includes('53300') && ++refusals === 4) void other.end();
        client.write(data);
      },
    });
    const url = urlOf('single').replace(`:${server.port}/`, `:${proxy.port}/`);
    const store = await openPostgresStore({ url, schema: 'awaited', allowForeign: true });
    expect(refusals).toBeGreaterThan(3);
    await store.close();
    await proxy.close();
  });

  it('is reported when none becomes free', async () => {
    const other = new pg.Client({ connectionString: urlOf('single') });
    await other.connect();
    const options = { url: urlOf('single'), schema: 'full', allowForeign: true, silenceMs: 1000 };
    await expect(openPostgresStore(options)).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_BUSY',
      message: expect.stringContaining('no connection left') as unknown,
    });
    await other.end();
  });
});

describe('a PostgreSQL store that waits for the lock of another client', () => {
  it('reports the wait, and leaves no waiting statement behind', async () => {
    const options = { url: urlOf('single'), schema: 'locked', allowForeign: true, silenceMs: 4000 };
    const store = await openPostgresStore(options);
    const { id } = await aConversation(store, ['q']);
    await withClient(async (client) => {
      await client.query('begin');
      await client.query('select 1 from locked.sessions for update');
      const message = aMessage('waits');
      await expect(store.sessions.append(id, [message], null)).rejects.toMatchObject({
        code: 'SYNAPSE_STORAGE_BUSY',
        message: expect.stringContaining('another client') as unknown,
      });
      // Can only connect because nothing of the append is left on the server.
      expect(await store.sessions.get(id)).toMatchObject({ messageCount: 1 });
      await client.query('rollback');
      await store.sessions.append(id, [message], null);
    });
    expect(textsOf(await store.sessions.messages(id, { limit: 9 }))).toEqual(['q', 'waits']);
    await store.close();
  });

  it.each(['lock_timeout', 'statement_timeout'])('names the %s of the server', async (setting) => {
    const options = { url: urlOf('single'), schema: 'limited', allowForeign: true };
    await withClient((client) => client.query(`alter role single set ${setting} = 200`));
    const store = await openPostgresStore(options);
    const { id } = await aConversation(store, ['q']);
    await withClient(async (client) => {
      await client.query('begin');
      await client.query('select 1 from limited.sessions for update');
      await expect(store.sessions.append(id, [aMessage('waits')], null)).rejects.toMatchObject({
        code: 'SYNAPSE_STORAGE_BUSY',
        message: expect.stringContaining('another client') as unknown,
      });
      await client.query('rollback');
      await client.query(`alter role single reset ${setting}`);
    });
    await store.close();
  });
});
