import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { applyRetention, type Store } from '@synapse/core';
import { SESSIONS } from './large-store.ts';
import { alone, type Measure } from './measure.ts';

/** What another process waits at most while 10,000 sessions are trashed and then purged. */
export async function longestWaitDuringCleanup(
  store: Store,
  prefix: string,
  script: string,
  args: string[],
): Promise<Measure> {
  const other = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
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
    const now = new Date();
    const { trashedCount } = await clean(now, 0);
    const { purgedCount } = await clean(new Date(now.getTime() + 2 * 86_400_000), 1);
    other.stdin.end('done');
    const [longest] = (await once(other.stdout, 'data')) as [Buffer];
    const figure = `${prefix}cleanup of ${trashedCount} sessions, ${purgedCount} purged: longest wait of another writer`;
    return alone(figure, 'at most 250 ms', Number(longest));
  } finally {
    other.kill();
  }
}
