import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { aMessage, aSession } from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

const BEFORE = 30;
const BEHIND = 30;

let primary: PostgresServer;
let standby: PostgresServer;
beforeAll(async () => {
  // A commit is acknowledged only when the standby has it.
  primary = await startPostgresServer({ settings: { synchronous_standby_names: '*' } });
  standby = await startPostgresServer({ standbyOf: primary });
});
afterAll(async () => {
  await primary.stop();
  await standby.stop();
});

describe('a PostgreSQL store behind an address that moves on to a standby', () => {
  it('continues there with all acknowledged messages, once each', async () => {
    const behind = { port: primary.port };
    const proxy = await openTcpProxy(behind);
    const url = primary.url.replace(`:${primary.port}/`, `:${proxy.port}/`);
    const store = await openPostgresStore({ url, schema: 'failover', allowForeign: true });
    const { id } = await store.sessions.create(aSession());
    const refusals = new Set<unknown>();
    const append = async (text: string) => {
      const message = aMessage(text);
      for (;;) {
        try {
          await store.sessions.append(id, [message], null);
          return;
        } catch (error) {
          refusals.add((error as { code?: unknown }).code);
        }
      }
    };

    const texts = Array.from({ length: BEFORE + BEHIND }, (_, index) => `${index}`);
    for (const text of texts.slice(0, BEFORE)) await append(text);
    const crashed = primary.crash();
    // Some are on their way while the standby can still only be read.
    const rest = Promise.all(texts.slice(BEFORE).map(append));
    await crashed;
    behind.port = standby.port;
    await promote(standby.url);
    await rest;

    const stored = await store.sessions.messages(id, { limit: 500 });
    const found = stored.map(({ parts }) => (parts[0]?.type === 'text' ? parts[0].text : ''));
    expect(found.slice(0, BEFORE)).toEqual(texts.slice(0, BEFORE));
    expect(found.toSorted()).toEqual(texts.toSorted());
    expect(stored.map(({ seq }) => seq)).toEqual(texts.map((_, index) => index + 1));
    expect([...refusals].filter((code) => !allowedRefusals.includes(String(code)))).toEqual([]);
    expect(await store.maintenance.check()).toEqual([]);
    await store.close();
    await proxy.close();
  });
});

const allowedRefusals = ['SYNAPSE_STORAGE_UNAVAILABLE', 'SYNAPSE_STORAGE_CANNOT_CREATE'];

async function promote(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('select pg_promote()');
  await client.end();
}
