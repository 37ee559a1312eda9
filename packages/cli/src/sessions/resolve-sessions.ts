import { resolveSession, type Session, type SessionStore } from '@synapse/core';

/** The sessions that are meant, each once, however often it is named. */
export async function resolveSessions(
  sessions: SessionStore,
  references: readonly string[],
): Promise<Session[]> {
  const found = new Map<string, Session>();
  for (const reference of references) {
    const session = await resolveSession(sessions, reference);
    found.set(session.id, session);
  }
  return [...found.values()];
}
