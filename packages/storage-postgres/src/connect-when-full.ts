import { setTimeout as sleep } from 'node:timers/promises';
import { sqlStateOf } from './sqlstate.ts';

const TOO_MANY_CONNECTIONS = '53300';
const MAX_DELAY_MS = 500;

/** An option of Knex's pool. */
interface Pool {
  numPendingAcquires(): number;
  numUsed(): number;
  numFree(): number;
}

/**
 * Connects, and retries for this long if the server has no connection left. If the pool has a
 * connection, a missing second one causes no error: the waiting caller may get the first as soon as
 * it is free.
 */
export async function connectWhenFull<T>(
  connect: () => Promise<T>,
  pool: Pool,
  withinMs: number,
): Promise<T> {
  const start = performance.now();
  for (let delayMs = 50; ; delayMs = Math.min(2 * delayMs, MAX_DELAY_MS)) {
    try {
      return await connect();
    } catch (error) {
      if (sqlStateOf(error) !== TOO_MANY_CONNECTIONS) throw error;
      const isLate = performance.now() - start > withinMs;
      const hasOthers = pool.numUsed() + pool.numFree() > 0;
      if (pool.numPendingAcquires() === 0 || (isLate && !hasOthers)) throw error;
    }
    await sleep(delayMs);
  }
}
