import type { Session, SessionStore } from '@synapse/core';
import { resolveSession as resolveReference } from '@synapse/core/conversation';
import { noteSession } from '../output/report-error.ts';

/** The session that a command is about; what fails from now on is reported with its id. */
export async function resolveSession(sessions: SessionStore, reference: string): Promise<Session> {
  const session = await resolveReference(sessions, reference, process.cwd());
  noteSession(session.id);
  return session;
}

/** The named sessions, each once, however often it is named. */
export async function resolveSessions(
  sessions: SessionStore,
  references: readonly string[],
): Promise<Session[]> {
  // With several sessions, the last one noted may not be the one that fails.
  const resolve =
    references.length === 1
      ? resolveSession
      : (_: SessionStore, reference: string) =>
          resolveReference(sessions, reference, process.cwd());
  const found = new Map<string, Session>();
  for (const reference of references) {
    const session = await resolve(sessions, reference);
    found.set(session.id, session);
  }
  return [...found.values()];
}
