import {
  SessionAmbiguousError,
  SessionConflictError,
  SessionNotFoundError,
} from '../errors/session-errors.ts';
import { nearestName } from '../nearest-name.ts';
import type { SessionStore } from '../ports/session-store.ts';
import { parseHandle } from '../session/handle.ts';
import type { JsonObject } from '../session/json-value.ts';
import type { NewSession, Session } from '../session/session.ts';

/**
 * Keywords for the session with the latest activity: of all sessions, and of those that began in
 * the folder.
 */
const LATEST: Readonly<Record<string, (here: string) => { workingDirectory?: string }>> = {
  last: () => ({}),
  here: (here) => ({ workingDirectory: here }),
};

/** The number of latest sessions that are searched for a misspelt name. */
const LIKE_AMONG = 200;

/** Whether the text is a keyword for a session, which no session can have as its name. */
function isReservedReference(reference: string): boolean {
  return Object.hasOwn(LATEST, reference);
}

/**
 * Finds the session that the user names. `last` is the one with the latest activity, `here` the
 * latest of those that began in the folder `here`. Anything else is an id, a handle, the beginning
 * of an id, or a title. Undefined if nothing matches.
 */
export async function findSession(
  sessions: SessionStore,
  reference: string,
  here: string,
): Promise<Session | undefined> {
  if (isReservedReference(reference)) {
    const page = await sessions.list({ limit: 1, archived: 'any', ...LATEST[reference]?.(here) });
    return page.items[0];
  }
  const candidates = await sessions.find(reference);
  if (candidates.length > 1) {
    throw new SessionAmbiguousError(reference, candidates.map(describeCandidate));
  }
  return candidates[0];
}

/** The current state of a known session; throws SessionNotFoundError if it no longer exists. */
export async function getSession(
  sessions: Pick<SessionStore, 'get'>,
  id: string,
): Promise<Session> {
  const session = await sessions.get(id);
  if (!session) throw new SessionNotFoundError(id);
  return session;
}

/**
 * Creates the session, or returns the one that another process has created under the same name in
 * the meantime. `isNew` tells which.
 */
export async function createOrFind(
  sessions: Pick<SessionStore, 'create' | 'find'>,
  newSession: NewSession,
): Promise<{ session: Session; isNew: boolean }> {
  try {
    return { session: await sessions.create(newSession), isNew: true };
  } catch (error) {
    const { handle = null } = newSession;
    if (!(error instanceof SessionConflictError) || handle === null) throw error;
    const candidates = await sessions.find(handle);
    const session = candidates.find((one) => one.handle === handle && one.deletedAt === null);
    if (!session) throw error;
    return { session, isNew: false };
  }
}

export async function resolveSession(
  sessions: SessionStore,
  reference: string,
  here: string,
): Promise<Session> {
  const session = await findSession(sessions, reference, here);
  if (session) return session;
  if (isReservedReference(reference)) {
    const nothing = reference === 'here' ? 'No session that began in this folder' : 'Nothing';
    throw new SessionNotFoundError(reference, { hint: `${nothing} is stored yet.` });
  }
  const near = await nearMisses(sessions, reference);
  throw new SessionNotFoundError(
    reference,
    near.length > 0
      ? { hint: `Similar sessions:\n    ${near.map(describeCandidate).join('\n    ')}` }
      : { action: { name: 'list-sessions', text: 'List the sessions to find it.' } },
  );
}

/** The fields of a session that is created with the next question. */
export interface SessionStart {
  handle: string | null;
  /** The text that names the session; the question by default. */
  title: string | null;
  systemPrompt: string | null;
  /** What the prompt was made from. */
  metadata: JsonObject;
}

export const blankStart: SessionStart = {
  handle: null,
  title: null,
  systemPrompt: null,
  metadata: {},
};

/** The session to continue, or the properties of a new one. */
export type Target = Session | SessionStart;

export interface TargetQuery {
  /** The reference that the user gave; null for a new session. */
  reference: string | null;
  /** The folder that `here` means. */
  here: string;
  /** The system prompt of a new session. */
  systemPrompt: string | null;
  /** A name that no session has yet is an error instead of a new session. */
  mustExist: boolean;
}

/** Finds the session of a conversation; a name that none has yet is for a new one. */
export async function findTarget(
  sessions: SessionStore,
  { reference, here, systemPrompt, mustExist }: TargetQuery,
): Promise<Target> {
  if (reference === null) return { ...blankStart, systemPrompt };
  if (isReservedReference(reference) || mustExist) return resolveSession(sessions, reference, here);
  const found = await findSession(sessions, reference, here);
  return found ?? { ...blankStart, handle: parseHandle(reference), systemPrompt };
}

/** The sessions whose titles contain the text, or else the one with the most similar name. */
async function nearMisses(sessions: SessionStore, reference: string): Promise<Session[]> {
  const archived = 'any';
  const { items } = await sessions.list({ limit: 3, text: reference, archived });
  if (items.length > 0) return items;
  const latest = await sessions.list({ limit: LIKE_AMONG, archived });
  const namesOf = ({ handle, title }: Session) => [handle, title].filter((name) => name !== null);
  const name = nearestName(reference, latest.items.flatMap(namesOf));
  return latest.items.filter((session) => name && namesOf(session).includes(name)).slice(0, 3);
}

function describeCandidate({ id, handle, title }: Session): string {
  return [id, handle && `(${handle})`, title].filter(Boolean).join(' ');
}
