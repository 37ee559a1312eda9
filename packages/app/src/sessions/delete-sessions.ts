import type { Session, Store } from '@synapse/core';
import type { App } from '../wiring.ts';
import { withLease } from './with-lease.ts';

/** Moves sessions to the trash, or purges them. Fails before the first one if another process has one open. */
export async function deleteSessions(
  app: Pick<App, 'clock' | 'logger'>,
  store: Pick<Store, 'sessions'>,
  found: readonly Session[],
  { isPurge }: { isPurge: boolean },
): Promise<void> {
  const { sessions } = store;
  // Messages that the other process stores later would be lost.
  for (const { id, deletedAt } of found) {
    if (deletedAt === null) await withLease(app, store, id, async () => undefined);
  }
  if (isPurge) await sessions.purge(found.map(({ id }) => id));
  else for (const { id } of found) await sessions.trash(id, app.clock.now());
}
