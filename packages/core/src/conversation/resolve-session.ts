import { SessionAmbiguousError, SessionNotFoundError } from '../errors/session-errors.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Session } from '../session/session.ts';

/** Words for the session with the latest activity, of all and of those that began in this folder. */
const LATEST: Readonly<Record<string, () => { workingDirectory?: string }>> = {
  last: () => ({}),
  here: () => ({ workingDirectory: process.cwd() }),
};

/** Whether that is a word for a session, and never the name of one. */
export function isSessionWord(reference: string): boolean {
  return Object.hasOwn(LATEST, reference);
}

/**
 * The session that a person means: `last` or `here` is the one with the latest activity, anything
 * else is an id, a handle, the beginning of an id, or a title. Undefined where nothing fits.
 */
export async function findSession(
  sessions: SessionStore,
  reference: string,
): Promise<Session | undefined> {
  if (isSessionWord(reference)) {
    const page = await sessions.list({ limit: 1, archived: 'any', ...LATEST[reference]?.() });
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
  if (isSessionWord(reference)) {
    const nothing = reference === 'here' ? 'Nothing that began in this folder' : 'Nothing';
    throw new SessionNotFoundError(reference, { hint: `${nothing} is stored yet.` });
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
