import { holdLease, isProcessAlive, thisProcess, type Lease, type Store } from '@synapse/core';
import type { App } from '../wiring.ts';

/** Does `work` while no other process may write to the session. */
export async function withLease<T>(
  { clock, logger }: Pick<App, 'clock' | 'logger'>,
  { sessions }: Pick<Store, 'sessions'>,
  sessionId: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const holder = thisProcess();
  const held = await holdLease({
    ...{ sessions, sessionId, holder, clock, logger },
    isAlive: isProcessAlive,
  });
  try {
    return await work(held.lease);
  } finally {
    await held.release();
  }
}
