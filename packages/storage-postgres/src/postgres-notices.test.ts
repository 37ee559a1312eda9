import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger } from '@synapse/core';
import { itNeeds } from '@synapse/test/support/it-needs';
import { missingPgBouncer, startPgBouncer } from '@synapse/test/support/pgbouncer';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { until } from '@synapse/test/support/until';
import pg from 'pg';
import { PostgresNotices } from './postgres-notices.ts';

const postgres = usePostgres();

describe('notices between servers', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });

  /** `listening` is the address to listen on; statements go to the server itself. */
  const server = async (channel: string, listening = postgres.url) => {
    const sender = new pg.Client({ connectionString: postgres.url });
    await sender.connect();
    const sent: string[] = [];
    const notices = new PostgresNotices({
      channel,
      logger: silentLogger,
      async connect() {
        const client = new pg.Client({ connectionString: listening });
        await client.connect();
        return client;
      },
      async run(sql, values) {
        sent.push(values[1] ?? '');
        const numbered = sql.replace('?', '$1').replace('?', '$2');
        await sender.query(numbered, values);
      },
    });
    const heard: string[] = [];
    notices.listen((runId) => heard.push(runId));
    open.push({
      async close() {
        await notices.close();
        await sender.end();
      },
    });
    await notices.start();
    return { notices, heard, sent };
  };

  it('arrive on every server that listens to the channel, merged into one payload', async () => {
    const channel = postgres.newSchema();
    const [first, second] = [await server(channel), await server(channel)];
    const other = await server(postgres.newSchema());
    expect([first, second].map(({ notices }) => notices.isProven)).toEqual([true, true]);
    for (const id of ['a', 'b', 'a']) first.notices.send(id);
    await until(() => second.heard.length === 2);
    expect([second.heard, first.sent.at(-1), other.heard]).toEqual([['a', 'b'], 'a b', []]);
  });

  it('are sent in several payloads if there are many, which none can exceed', async () => {
    const channel = postgres.newSchema();
    const [first, second] = [await server(channel), await server(channel)];
    const ids = Array.from({ length: 400 }, (_, index) => `${'0'.repeat(32)}${index + 1000}`);
    for (const id of ids) first.notices.send(id);
    await until(() => second.heard.length === ids.length);
    expect(second.heard).toEqual(ids);
    expect(Math.max(...first.sent.map((payload) => payload.length))).toBeLessThan(8000);
  });

  it('leave no connection open if they can not be proven', async () => {
    const channel = postgres.newSchema();
    const client = new pg.Client({ connectionString: postgres.url });
    let hasEnded = false;
    client.on('end', () => (hasEnded = true));
    const notices = new PostgresNotices({
      channel,
      async connect() {
        await client.connect();
        return client;
      },
      run: () => Promise.reject(new Error('no connection is free')),
    });
    open.push(notices);
    await notices.start();
    await until(() => hasEnded);
    expect(notices.isProven).toBe(false);
  });

  it('are no longer relied on when the connection breaks', async () => {
    const channel = postgres.newSchema();
    const { notices } = await server(channel);
    const query = `query = 'listen ${channel}'`;
    expect(notices.isProven).toBe(true);
    await postgres.run(`select pg_terminate_backend(pid) from pg_stat_activity where ${query}`);
    await until(() => !notices.isProven);
  });

  itNeeds(missingPgBouncer)(
    'are not relied on behind a pooler that drops them, unless another address is given',
    async () => {
      const pooler = await startPgBouncer(postgres.url);
      open.push({ close: () => pooler.stop() });
      expect((await server(postgres.newSchema(), pooler.url)).notices.isProven).toBe(false);
      expect((await server(postgres.newSchema())).notices.isProven).toBe(true);
    },
  );
});
