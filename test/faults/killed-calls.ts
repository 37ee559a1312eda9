import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aConversation, aMessage } from '../support/samples.ts';
import { withDatabase, type FaultPlace } from '../support/fault-place.ts';
import { runFaultProcess, straceOf, type FaultTask } from '../support/fault-process.ts';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

const JOBS = ['open', 'append', 'cleanup', 'purge', 'backup', 'vacuum'] as const;
// How many of them to expect; strace counts those of each thread.
const CALLS = { pwrite64: 24, fsync: 8 };
const MESSAGES_EACH = 3;
// So many that they are removed in several transactions.
const MESSAGES_OF_LONG = 1500;

/** A4, A7, D7, G3: SIGKILL at the k-th write or sync of everything that writes. */
export const killedCalls: Fault = {
  id: 'A4',
  what: 'SIGKILL at the k-th write or sync of first start, append, cleanup, purge, backup and vacuum',
  needs: ['strace'],
  run: async (tier, seed) => {
    const random = randomFrom(seed);
    const kills = JOBS.flatMap((job) =>
      Object.entries(CALLS).flatMap(([call, calls]) =>
        Array.from({ length: calls }, (_, k) => ({ job, call, k: k + 1 })),
      ),
    ).sort(() => random() - 0.5);
    const total = {
      ...{ runs: 0, killed: 0, in_mid_purge: 0 },
      ...{ lost_acked: 0, damaged: 0, half_sessions: 0, leftovers: 0 },
    };
    for (const { job, call, k } of kills.slice(0, scaled(tier, 18, 360, kills.length))) {
      const figures = await killAt(job, `inject=${call}:signal=SIGKILL:when=${k}`);
      total.runs += 1;
      if (figures.isKilled) total.killed += 1;
      total.lost_acked += figures.lost;
      total.damaged += figures.damaged;
      if (figures.isInMidPurge) total.in_mid_purge += 1;
      total.half_sessions += figures.halfSessions;
      total.leftovers += figures.leftovers;
    }
    return total;
  },
  holds: ({ killed, lost_acked, damaged, half_sessions, leftovers }) =>
    killed! > 0 && lost_acked === 0 && damaged === 0 && half_sessions === 0 && leftovers === 0,
};

function killAt(job: FaultTask['job'], kill: string) {
  return withDatabase(async (place) => {
    const { folder, path } = place;
    const target = join(folder, 'copy.db');
    if (job === 'open') for (const name of readdirSync(folder)) rmSync(join(folder, name));
    const longId = job === 'open' ? undefined : await fill(place);
    const wrapper = straceOf(path, '-e', `trace=${Object.keys(CALLS).join(',')}`, '-e', kill);
    const task = { job, path, target, sessionId: place.sessionId, longId, count: 12 } as const;
    const { signal, acknowledged } = await runFaultProcess(task, wrapper);
    const id = job === 'open' ? await startAgain(place) : place.sessionId;
    const inspection = await inspectDatabase(path, id);
    return {
      isKilled: signal === 'SIGKILL',
      lost: countLost(acknowledged, inspection),
      damaged: inspection.findings.length,
      ...(await countHalfSessions(path, id, longId)),
      // A backup is there whole or not at all.
      leftovers: existsSync(target) ? (await findingsOf(target)).length : 0,
    };
  });
}

/** Sessions of which some are to be trashed and some purged by a cleanup, and a long one. */
async function fill({ path }: FaultPlace): Promise<string> {
  const store = await openSqliteStore({ path });
  for (let index = 0; index < 12; index++) {
    const { id } = await aConversation(
      store,
      Array<string>(MESSAGES_EACH).fill('said '.repeat(80)),
    );
    if (index % 2 === 0) await store.sessions.trash(id, new Date(0));
  }
  const { id } = await aConversation(store, Array<string>(MESSAGES_OF_LONG).fill('said'), {
    pinned: true,
  });
  await store.close();
  return id;
}

async function startAgain({ path }: FaultPlace): Promise<string> {
  const store = await openSqliteStore({ path });
  const { id } = await aConversation(store, []);
  await store.sessions.append(id, [aMessage('works')], null);
  await store.close();
  return id;
}

/** Sessions that lack something, and what is left of those that are gone when the rest is removed. */
async function countHalfSessions(path: string, ownId: string, longId: string | undefined) {
  const store = await openSqliteStore({ path });
  try {
    const isInMidPurge = await store.retention.isScrubDue();
    await store.retention.scrub();
    const { items } = await store.sessions.list({ limit: 100, trashed: 'any' });
    const isHalf = ({ id, messageCount }: Session) =>
      id !== ownId && messageCount !== (id === longId ? MESSAGES_OF_LONG : MESSAGES_EACH);
    const { messageCount } = await store.maintenance.info();
    const isLeft = messageCount !== items.reduce((sum, item) => sum + item.messageCount, 0);
    return { isInMidPurge, halfSessions: items.filter(isHalf).length + (isLeft ? 1 : 0) };
  } finally {
    await store.close();
  }
}

async function findingsOf(path: string): Promise<unknown[]> {
  const store = await openSqliteStore({ path });
  try {
    return await store.maintenance.check();
  } finally {
    await store.close();
  }
}
