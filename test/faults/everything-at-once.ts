import { join } from 'node:path';
import {
  applyRetention,
  parseSearchQuery,
  type Store,
  defaultRetentionSettings,
} from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { withDatabase } from '../support/fault-place.ts';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { aConversation } from '../support/samples.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { scaled, type Fault } from './fault.ts';

const WRITERS = 3;
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** B5 */
export const everythingAtOnce: Fault = {
  id: 'B5',
  what: 'processes write while others list, search, read, check, back up and clean up; nobody fails',
  run: (tier) =>
    withDatabase(async ({ folder, path, sessionId }) => {
      const end = Date.now() + scaled(tier, 2, 60, 600) * 1000;
      const task = { engine: 'sqlite', options: { path }, sessionId, count: 1_000_000 } as const;
      const writers = await Promise.all(
        Array.from({ length: WRITERS }, () => startStoreProcess(task)),
      );
      for (const writer of writers) writer.go();
      const figures = { rounds: 0, errors: 0, torn_backups: 0, purged: 0, deleted_live: 0 };
      const jobs: ((store: Store) => Promise<unknown>)[] = [
        (store) => store.sessions.list({ limit: 50 }),
        (store) => store.search.search(parseSearchQuery('0', new Date()), { limit: 20 }),
        async (store) => {
          const messages = await store.sessions.messages(sessionId, { limit: 500 });
          const isGapless = messages.every(({ seq }, at) => seq === messages[0]!.seq + at);
          if (!isGapless) figures.errors += 1;
        },
        async (store) => {
          figures.errors += (await store.maintenance.check()).length;
        },
        async (store) => {
          const copy = join(folder, 'copy.db');
          await store.maintenance.fileBackup!.write(copy, { overwrite: true });
          const { findings } = await inspectDatabase(copy, sessionId);
          figures.torn_backups += findings.length;
        },
        async (store) => {
          const { id } = await aConversation(store, ['old']);
          const clock = { now: () => new Date() };
          const settings = { ...defaultRetentionSettings, maxSessions: 1, trashDays: 1 };
          await store.sessions.trash(id, LONG_AGO);
          const { purgedCount } = await applyRetention(store.retention, clock, settings, {
            isConfirmed: true,
          });
          figures.purged += purgedCount;
          const session = await store.sessions.get(sessionId);
          if (!session || session.deletedAt) figures.deleted_live += 1;
        },
      ];
      await Promise.all(
        jobs.map(async (job) => {
          const store = await openSqliteStore({ path });
          do {
            await job(store).catch(() => (figures.errors += 1));
            figures.rounds += 1;
          } while (Date.now() < end);
          await store.close();
        }),
      );
      await Promise.all(writers.map((writer) => writer.until(1)));
      for (const writer of writers) writer.kill();
      await Promise.all(writers.map(({ ended }) => ended));
      const acknowledged = writers.flatMap((writer) => writer.acknowledged);
      const inspection = await inspectDatabase(path, sessionId);
      const lost_acked = countLost(acknowledged, inspection);
      const damaged = inspection.findings.length;
      return { ...figures, acked: acknowledged.length, lost_acked, damaged };
    }),
  holds: ({ acked, purged, errors, torn_backups, deleted_live, lost_acked, damaged }) =>
    acked! > 0 &&
    purged! > 0 &&
    [errors, torn_backups, deleted_live, lost_acked, damaged].every((count) => count === 0),
};
