import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type Logger } from '@synapse/core';
import { SCHEMA_VERSION } from '@synapse/storage-knex';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  aSession,
  noon,
  textsOf,
} from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgresServer({ maxConnections: 12 });
});
afterAll(() => server.stop());

const options = () => ({ url: server.url, schema: 'faults', allowForeign: true });

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

describe('a PostgreSQL store whose line breaks after a commit', () => {
  it('stores each message once and reports success', async () => {
    let commits = 0;
    let isOpen = false;
    const proxy = await openTcpProxy({
      port: server.port,
      // A single message is stored by a single statement.
      cutsAfter: (data) =>
        isOpen && /COMMIT;|with session as/.test(data.toString('latin1')) && ++commits % 2 === 1,
    });
    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const store = await openPostgresStore({ ...options(), url });
    isOpen = true;
    const { id } = await store.sessions.create(aSession());
    const texts = Array.from({ length: 50 }, (_, index) => `${index}`);
    for (const text of texts) {
      expect(await store.sessions.append(id, [aMessage(text)], null)).toHaveLength(1);
    }
    expect(textsOf(await store.sessions.messages(id, { limit: 500 }))).toEqual(texts);
    expect((await store.sessions.get(id))?.messageCount).toBe(50);
    expect(commits).toBeGreaterThan(150);
    await store.close();
    await proxy.close();
  });

  it('recognises its own earlier commit, and does not undo a second turn', async () => {
    let isCutting = false;
    const proxy = await openTcpProxy({
      port: server.port,
      cutsAfter: (data) => {
        const cuts = isCutting && data.includes('COMMIT;');
        if (cuts) isCutting = false;
        return cuts;
      },
    });
    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const store = await openPostgresStore({ ...options(), url });
    const { sessions } = store;
    const cut = <T>(work: () => Promise<T>) => {
      isCutting = true;
      return work();
    };
    const given = aSession({ handle: 'mine' });
    expect(await cut(() => sessions.create(given))).toMatchObject({ handle: 'mine' });
    await sessions.append(given.id, [aMessage('1'), aMessage('2'), aMessage('3')], null);
    const fork = { id: newId(), createdAt: noon, handle: 'copy' };
    expect(await cut(() => sessions.fork(given.id, fork))).toMatchObject({ messageCount: 3 });
    const lease = await cut(() => sessions.acquireLease(given.id, aLeaseRequest()));
    await sessions.append(given.id, [aMessage('4')], lease);
    await expect(cut(() => sessions.undoTurn(given.id, lease))).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_UNAVAILABLE',
    });
    const left = await sessions.messages(given.id, { limit: 9 });
    expect(textsOf(left)).toEqual(['1', '2', '3']);
    await store.close();
    await proxy.close();
  });
});

describe('a PostgreSQL store whose server goes away', () => {
  it.each(['SIGINT', 'SIGQUIT'] as const)('continues after a restart by %s', async (signal) => {
    const store = await openPostgresStore(options());
    const { id } = await aConversation(store, ['before']);
    const restarted = server.restart(signal);
    for (let index = 0; index < 20; index++) {
      await store.sessions.append(id, [aMessage(`${index}`)], null);
    }
    await restarted;
    await store.sessions.append(id, [aMessage('after')], null);
    const stored = await store.sessions.messages(id, { limit: 500 });
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 22 }, (_, n) => n + 1));
    await store.close();
  });

  it('continues when its connections are terminated', async () => {
    const store = await openPostgresStore(options());
    const { id } = await store.sessions.create(aSession());
    let isDone = false;
    const killer = onServer(async (client) => {
      while (!isDone) {
        await client.query(
          `select pg_terminate_backend(pid), pg_sleep(0.02) from pg_stat_activity
           where application_name = 'synapse'`,
        );
        await client.query('select pg_sleep(0.05)');
      }
    });
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      let refused = 0;
      for (let index = 0; index < 25; index++) {
        const message = aMessage(`${writer} ${index}`);
        // The store tries a few times; who never gives up loses nothing either.
        for (;;) {
          try {
            await store.sessions.append(id, [message], null);
            break;
          } catch (error) {
            expect(error).toMatchObject({ code: 'SYNAPSE_STORAGE_UNAVAILABLE' });
            refused += 1;
          }
        }
      }
      return refused;
    });
    await Promise.all(writers);
    isDone = true;
    await killer;
    const stored = await store.sessions.messages(id, { limit: 500 });
    expect(new Set(textsOf(stored)).size).toBe(100);
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    await store.close();
  });
});

describe('a PostgreSQL store that cannot be opened', () => {
  const open = (url: string, more = {}) => openPostgresStore({ ...options(), url, ...more });

  it('reports a wrong password without showing it', async () => {
    const url = server.url.replace(/:[^:@]*@/, ':s3cr%40t-canary@');
    const said: unknown[] = [];
    const listen = (...what: unknown[]) => said.push(what);
    const logger: Logger = { debug: listen, info: listen, warn: listen, error: listen };
    const error: unknown = await open(url, { logger }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'SYNAPSE_STORAGE_DENIED' });
    const { message, hint, stack, cause } = error as Error & { hint: string };
    const all = JSON.stringify([message, hint, stack, String(cause), cause, said]);
    expect(all).not.toContain('canary');
  });

  it('reports an invalid address without repeating it', async () => {
    const error: unknown = await open('postgresql://user:s3cret-canary@[/db').catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'SYNAPSE_CONFIG' });
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('canary');
  });

  it('reports a missing server, a missing database or missing encryption', async () => {
    const cases = [
      server.url.replace(`:${server.port}/`, ':1/'),
      server.url.replace('/postgres', '/nowhere'),
      `${server.url}?sslmode=require`,
    ];
    for (const url of cases) {
      await expect(open(url)).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_UNAVAILABLE' });
    }
  });

  it('reports that the server has no connection left', async () => {
    const clients: pg.Client[] = [];
    try {
      for (;;) {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        clients.push(client);
      }
    } catch {
      await expect(open(server.url, { silenceMs: 1000 })).rejects.toMatchObject({
        code: 'SYNAPSE_STORAGE_BUSY',
      });
    }
    await Promise.all(clients.map((client) => client.end()));
  });

  it('rejects a user who may not create tables', async () => {
    await onServer(async (client) => {
      await client.query("create role reader login password 'reader'");
    });
    const url = server.url.replace(/\/\/[^@]*@/, '//reader:reader@');
    await expect(open(url, { schema: 'other' })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_DENIED',
    });
  });

  it('names the missing table in a schema of the right version', async () => {
    await (await openPostgresStore({ ...options(), schema: 'lacking' })).close();
    await onServer((client) => client.query('alter table lacking.messages drop column parts'));
    await expect(open(server.url, { schema: 'lacking' })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_SCHEMA_MISMATCH',
      message: expect.stringContaining('messages.parts is missing') as unknown,
    });
  });

  it('names a table that was dropped while the store was open', async () => {
    const store = await openPostgresStore({ ...options(), schema: 'going' });
    await onServer((client) => client.query('drop table going.audit'));
    await expect(store.retention.audit(5)).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_SCHEMA_MISMATCH',
      message: expect.stringContaining('going.audit is missing') as unknown,
    });
    await store.close();
  });

  it('leaves no connection open', async () => {
    await onServer(async (client) => {
      await client.query('create schema newer');
      await client.query('create table newer.schema_migrations (version integer)');
      await client.query('insert into newer.schema_migrations values (99)');
      await expect(open(server.url, { schema: 'newer' })).rejects.toMatchObject({
        code: 'SYNAPSE_STORAGE_SCHEMA_NEWER',
        message: expect.stringContaining('99') as unknown,
      });
      const { rows } = await client.query(
        "select 1 from pg_stat_activity where application_name = 'synapse'",
      );
      expect(rows).toEqual([]);
    });
  });
});

describe('a PostgreSQL database that others use', () => {
  async function aDatabase(name: string, ...statements: string[]): Promise<string> {
    await onServer((client) => client.query(`create database ${name}`));
    const url = server.url.replace('/postgres', `/${name}`);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
    return url;
  }

  it('is not changed without confirmation', async () => {
    const url = await aDatabase('shop', 'create table orders (id integer)');
    await expect(openPostgresStore({ url, allowForeign: false })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_FOREIGN',
      message: expect.stringContaining('public.orders') as unknown,
    });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query("select 1 from pg_namespace where nspname = 'synapse'");
    await client.end();
    expect(rows).toEqual([]);
  });

  it('is used after confirmation, and without asking from then on', async () => {
    const url = await aDatabase('blog', 'create table posts (id integer)');
    const first = await openPostgresStore({ url, allowForeign: true });
    await first.sessions.create(aSession({ title: 'kept' }));
    await first.close();
    const second = await openPostgresStore({ url, allowForeign: false });
    expect((await second.sessions.list({ limit: 5 })).items).toMatchObject([{ title: 'kept' }]);
    await second.close();
  });

  it('is used without asking when it is empty', async () => {
    const store = await openPostgresStore({ url: await aDatabase('fresh'), allowForeign: false });
    expect(await store.maintenance.info()).toMatchObject({
      engine: 'postgres',
      location: `postgresql://synapse@127.0.0.1:${server.port}/fresh`,
      schemaVersion: SCHEMA_VERSION,
    });
    await store.close();
  });
});
