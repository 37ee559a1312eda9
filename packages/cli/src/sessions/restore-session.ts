import type { Session, Store } from '@synapse/core';
import type { App } from '../wiring.ts';
import { takenAtOnce } from './taken-at-once.ts';

export interface Restored {
  session: Session;
  /** The limit that would send it back at once; it was pinned to stay. */
  heldBack: string | undefined;
}

/** Takes a session out of the trash for good: one that the next cleanup would take again is pinned. */
export async function restoreSession(
  { sessions, retention }: Pick<Store, 'sessions' | 'retention'>,
  { id }: Session,
  app: Pick<App, 'settings' | 'clock'>,
): Promise<Restored> {
  const restored = await sessions.restore(id);
  const heldBack = (await takenAtOnce(retention, app)).get(id);
  if (heldBack === undefined) return { session: restored, heldBack };
  return { session: await sessions.update(id, { pinned: true }), heldBack };
}
