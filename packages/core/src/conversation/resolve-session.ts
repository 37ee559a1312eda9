import { SessionAmbiguousError, SessionNotFoundError } from '../errors/session-errors.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Session } from '../session/session.ts';

/**
 * The session that a person means: `last` is the one with the latest activity, anything else is an
 * id, a handle, the beginning of an id, or a title. Undefined where nothing fits.
 */
export async function findSession(
  sessions: SessionStore,
  reference: string,
): Promise<Session | undefined> {
  if (reference === 'last') {
    const page = await sessions.list({ limit: 1, archived: 'any' });
    return page.items[0];
  }
  const candidates = await sessions.find(reference);
  if (candidates.length > 1) {
    throw new SessionAmbiguousError(reference, candidates.map(describeCandidate));
  }
  return candidates[0];
}

export async function resolveSession(sessions: SessionStore, reference: string): Promise<Session> {
  const session = await findSession(sessions, reference);
  if (session) return session;
  if (reference === 'last') {
    throw new SessionNotFoundError(reference, { hint: 'Nothing is stored yet.' });
  }
  const { items } = await sessions.list({ limit: 3, text: reference, archived: 'any' });
  const hint =
    items.length > 0
      ? `Near misses:\n    ${items.map(describeCandidate).join('\n    ')}`
      : 'synapse sessions list shows what there is.';
  throw new SessionNotFoundError(reference, { hint });
}

function describeCandidate({ id, handle, title }: Session): string {
  return [id, handle && `(${handle})`, title].filter(Boolean).join(' ');
}
