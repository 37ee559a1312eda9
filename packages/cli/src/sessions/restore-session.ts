import { applyRetention, type RetentionSettings, type Session, type Store } from '@synapse/core';

export interface Restored {
  session: Session;
  /** The limit that would send it back at once; it was pinned to stay. */
  heldBack: string | undefined;
}

/** Takes a session out of the trash for good: one that the next cleanup would take again is pinned. */
export async function restoreSession(
  { sessions, retention }: Store,
  session: Session,
  { settings, clock }: { settings: RetentionSettings; clock: { now(): Date } },
): Promise<Restored> {
  const restored = await sessions.restore(session.id);
  if (!settings.autoCleanup) return { session: restored, heldBack: undefined };
  const options = { isConfirmed: true, isDryRun: true };
  const { steps } = await applyRetention(retention, clock, settings, options);
  const step = steps.find(({ candidate }) => candidate.sessionId === session.id);
  if (!step) return { session: restored, heldBack: undefined };
  return { session: await sessions.update(session.id, { pinned: true }), heldBack: step.reason };
}
