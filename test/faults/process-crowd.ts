import { openSqliteStore } from '@synapse/storage-sqlite';
import { withDatabase } from '../support/fault-place.ts';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { aSession } from '../support/samples.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

/** A1 */
export const killedWriters: Fault = {
  id: 'A1',
  what: 'kill -9 at a random moment of appending; every acknowledged message is there, in order',
  run: (tier, seed) =>
    withDatabase(async ({ path, sessionId }) => {
      const random = randomFrom(seed);
      const kills = scaled(tier, 10, 200, 10_000);
      const acknowledged: string[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const task = { engine: 'sqlite', options: { path }, sessionId, count: 100_000 } as const;
        const writer = await startStoreProcess(task);
        writer.go();
        await writer.until(Math.floor(random() * 60));
        writer.kill();
        await writer.ended;
        acknowledged.push(...writer.acknowledged);
      }
      const inspection = await inspectDatabase(path, sessionId);
      const lost_acked = countLost(acknowledged, inspection);
      const damaged = inspection.findings.length;
      return { kills, acked: acknowledged.length, rows: inspection.ids.size, lost_acked, damaged };
    }),
  holds: ({ acked, lost_acked, damaged }) => acked! > 0 && lost_acked === 0 && damaged === 0,
};

/** B1, B2 */
export const crowdedWriters: Fault = {
  id: 'B1',
  what: 'many processes append to one session, then each to its own',
  run: (tier) =>
    withDatabase(async ({ path, sessionId }) => {
      const processes = scaled(tier, 4, 32, 64);
      const count = scaled(tier, 50, 200, 2000);
      const store = await openSqliteStore({ path });
      const own: string[] = [];
      for (let index = 0; index < processes; index++) {
        own.push((await store.sessions.create(aSession())).id);
      }
      await store.close();
      const total = { sent: 0, acked: 0, rows: 0, errors: 0, damaged: 0 };
      for (const ids of [own.map(() => sessionId), own]) {
        const started = await Promise.all(
          ids.map((id) => {
            return startStoreProcess({ engine: 'sqlite', options: { path }, sessionId: id, count });
          }),
        );
        for (const process of started) process.go();
        const complaints = await Promise.all(started.map(({ ended }) => ended));
        total.sent += processes * count;
        total.acked += started.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
        total.errors += complaints.filter(Boolean).length;
        for (const id of new Set(ids)) {
          const inspection = await inspectDatabase(path, id);
          total.rows += inspection.ids.size;
          total.damaged += inspection.findings.length;
        }
      }
      return total;
    }),
  holds: ({ sent, acked, rows, errors, damaged }) =>
    sent! > 0 && acked === sent && rows === sent && errors === 0 && damaged === 0,
};
