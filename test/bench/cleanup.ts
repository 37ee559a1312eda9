import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { applyRetention, type Store } from '@synapse/core';
import { LONG_SESSION, SESSIONS } from './large-store.ts';
import { alone, type Measure } from './measure.ts';

type WaitingWriter = readonly [script: string, ...args: string[]];

const promise = 'at most 250 ms';

/** What another process waits at most while 10,000 sessions are trashed and then purged. */
export async function longestWaitDuringCleanup(
  store: Store,
  prefix: string,
  writer: WaitingWriter,
): Promise<Measure> {
  const clean = (now: Date, trashDays: number) =>
    applyRetention(
      store.retention,
      { now: () => now },
      {
        autoCleanup: true,
        maxSessions: SESSIONS - 10_000,
        retentionDays: 0,
        minAgeDays: 0,
        trashDays,
      },
      { isConfirmed: true },
    );
  let counts = '';
  const longest = await longestWait(writer, async () => {
    const now = new Date();
    const { trashedCount } = await clean(now, 0);
    const { purgedCount } = await clean(new Date(now.getTime() + 2 * 86_400_000), 1);
    counts = `${trashedCount} sessions, ${purgedCount} purged`;
  });
  return alone(`${prefix}cleanup of ${counts}: longest wait of another writer`, promise, longest);
}

/** The same while a session of 100,000 messages is purged. */
export async function longestWaitDuringPurge(
  store: Store,
  prefix: string,
  writer: WaitingWriter,
): Promise<Measure> {
  const longest = await longestWait(writer, () => store.sessions.purge([LONG_SESSION.id]));
  const figure = `${prefix}purge of a session of 100,000 messages: longest wait of another writer`;
  return alone(figure, promise, longest);
}

/** What another process waits at most for the lock of a store while this is done. */
export async function longestWait(
  writer: WaitingWriter,
  work: () => Promise<unknown>,
): Promise<number> {
  const other = spawn(process.execPath, writer, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await work();
    other.stdin.end('done');
    const [longest] = (await once(other.stdout, 'data')) as [Buffer];
    return Number(longest);
  } finally {
    other.kill();
  }
}
