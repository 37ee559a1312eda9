import { setTimeout as sleep } from 'node:timers/promises';
import {
  SessionHeldError,
  silentLogger,
  systemClock,
  type Lease,
  type SessionStore,
} from '@synapse/core';
import { holdLease, holderState, thisProcess, type HolderState } from '@synapse/core/conversation';
import type { LeaseHolder } from '@synapse/core/store-kit';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { withDatabase } from '../support/fault-place.ts';
import { aLeaseRequest } from '../support/samples.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { scaled, type Fault } from './fault.ts';

// Looks are counted, as time says little where others are busy.
const MOST_LOOKS = 500;
const LOOK_MS = 20;

type LifeOf = (holder: LeaseHolder) => HolderState;

/** B6 */
export const deadHolders: Fault = {
  id: 'B6',
  what: 'who holds a session is killed, or its number has another process by now; the next one takes over, and never from the living, nor in time from those it can not see',
  run: (tier) =>
    withDatabase(async ({ path, sessionId }) => {
      const rounds = scaled(tier, 5, 200, 1000);
      const figures = {
        ...{ rounds, taken_from_living: 0, taken_from_unseen: 0 },
        ...{ stuck: 0, late: 0, takeover_p99_ms: 0 },
      };
      const times: number[] = [];
      const store = await openSqliteStore({ path });
      const { sessions } = store;
      const note = (ms: number | undefined) => {
        if (ms === undefined) figures.stuck += 1;
        else times.push(ms);
      };
      try {
        for (let round = 0; round < rounds; round++) {
          const options = { path };
          const task = { engine: 'sqlite', options, sessionId, holds: true } as const;
          const holder = await startStoreProcess(task);
          holder.go();
          await holder.until(1);
          if (await takeOver(sessions, sessionId)) figures.taken_from_living += 1;
          holder.kill();
          note(await takeOverSoon(sessions, sessionId));
          await holder.ended;

          await leaveLease(sessions, sessionId, { processStart: '1' });
          note(await takeOverSoon(sessions, sessionId));
          const unseen = round % 2 === 0 ? { pidNamespace: 'pid:[1]' } : { bootId: 'another' };
          const lease = await leaveLease(sessions, sessionId, unseen);
          if (await takeOver(sessions, sessionId)) figures.taken_from_unseen += 1;
          await sessions.renewLease(lease, 0);
          note(await takeOverSoon(sessions, sessionId));
        }
        // The negative control: the number alone says that it lives.
        await leaveLease(sessions, sessionId, { processStart: '1' });
        const isNumberTaken: LifeOf = ({ pid }) => {
          process.kill(pid, 0);
          return 'alive';
        };
        const isTaken = await takeOver(sessions, sessionId, isNumberTaken);
        figures.takeover_p99_ms = quantile99(times);
        figures.late = tier !== 'pull' && figures.takeover_p99_ms > 3000 ? 1 : 0;
        return { ...figures, stuck_by_number_alone: isTaken ? 0 : 1 };
      } finally {
        await store.close();
      }
    }),
  holds: ({ rounds, taken_from_living, taken_from_unseen, stuck, late, stuck_by_number_alone }) =>
    rounds! > 0 &&
    [taken_from_living, taken_from_unseen, stuck, late].every((count) => count === 0) &&
    stuck_by_number_alone === 1,
};

/** A lease of a process like this one, but for what is given. */
async function leaveLease(
  sessions: SessionStore,
  sessionId: string,
  other: Partial<LeaseHolder>,
): Promise<Lease> {
  const holder = { ...thisProcess(), ...other };
  return sessions.acquireLease(sessionId, aLeaseRequest({ holder }));
}

/** Whether the lease was given; it is let go of at once. */
async function takeOver(
  sessions: SessionStore,
  sessionId: string,
  lifeOf: LifeOf = holderState,
): Promise<boolean> {
  const surroundings = { clock: systemClock, logger: silentLogger, lifeOf };
  try {
    const held = await holdLease({ sessions, sessionId, holder: thisProcess(), ...surroundings });
    await held.release();
    return true;
  } catch (error) {
    if (error instanceof SessionHeldError) return false;
    throw error;
  }
}

/** After how many milliseconds the lease was given; undefined where it never is. */
async function takeOverSoon(
  sessions: SessionStore,
  sessionId: string,
): Promise<number | undefined> {
  const start = performance.now();
  for (let look = 0; look < MOST_LOOKS; look++) {
    if (await takeOver(sessions, sessionId)) return performance.now() - start;
    await sleep(LOOK_MS);
  }
  return undefined;
}

function quantile99(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0);
}
