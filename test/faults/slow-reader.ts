import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '@synapse/storage-sqlite';
import knex from 'knex';
import { withDatabase } from '../support/fault-place.ts';
import { aMessage } from '../support/samples.ts';
import { scaled, type Fault } from './fault.ts';

/** A8, B7: somebody else reads for long, then holds the write lock for long. */
export const slowReader: Fault = {
  id: 'A8',
  what: 'a foreign process keeps an old snapshot, then the write lock, while messages are stored',
  run: (tier) =>
    withDatabase(async ({ path, sessionId }) => {
      const store = await openSqliteStore({ path });
      const foreign = knex({
        client: 'sqlite3',
        connection: { filename: path },
        useNullAsDefault: true,
        pool: { min: 1, max: 1 },
      });
      try {
        await foreign.raw('begin');
        await foreign.raw('select count(*) from messages');
        const writes = scaled(tier, 300, 5000, 20_000);
        let errors = 0;
        for (let index = 0; index < writes; index++) {
          await store.sessions
            .append(sessionId, [aMessage('said '.repeat(100))], null)
            .catch(() => {
              errors += 1;
            });
        }
        await foreign.raw('commit');
        await store.sessions.append(sessionId, [aMessage('after')], null);
        await store.retention.scrub();
        const wal_mb_after = statSync(`${path}-wal`).size / 2 ** 20;

        await foreign.raw('begin immediate');
        const waiting = store.sessions.append(sessionId, [aMessage('waits')], null);
        await sleep(scaled(tier, 500, 5000, 5000));
        await foreign.raw('commit');
        const waited = (await waiting).length;
        return { writes, errors, wal_mb_after, waited };
      } finally {
        await foreign.destroy();
        await store.close();
      }
    }),
  holds: ({ errors, wal_mb_after, waited }) => errors === 0 && wal_mb_after! <= 64 && waited === 1,
};
