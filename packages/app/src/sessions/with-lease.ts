import type { Lease, Store } from '@synapse/core';
import { holdLeaseOf } from '../conversation/hold-lease-of.ts';
import type { App } from '../wiring.ts';

/** Does `work` while no other process may write to the session. */
export async function withLease<T>(
  app: Pick<App, 'clock' | 'logger'>,
  store: Pick<Store, 'sessions'>,
  sessionId: string,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const held = await holdLeaseOf(app, store, sessionId);
  try {
    return await work(held.lease);
  } finally {
    await held.release();
  }
}
