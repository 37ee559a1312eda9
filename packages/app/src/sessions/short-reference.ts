import type { Session, SessionStore } from '@synapse/core';
import { shortIdsOf } from './short-ids.ts';

/**
 * The shortest reference to this session: its name, or the shortest unique beginning of its id. The
 * whole id if the store fails, because an answer must not fail for that.
 */
export async function shortReferenceTo(
  { handle, id }: Pick<Session, 'handle' | 'id'>,
  sessions: Pick<SessionStore, 'find'>,
): Promise<string> {
  return handle ?? (await shortestOf(id, sessions).catch(() => id));
}

async function shortestOf(id: string, sessions: Pick<SessionStore, 'find'>): Promise<string> {
  let short = shortIdsOf([id]).get(id) ?? id;
  while (short !== id) {
    const found = (await sessions.find(short)).map((session) => session.id);
    if (found.length === 1 && found[0] === id) break;
    // A lookup with many matches finds only some of them, and a name may look like the beginning of
    // an id.
    const apart = shortIdsOf([...found, id]).get(id) ?? id;
    short = apart.length > short.length ? apart : id.slice(0, short.length + 1);
  }
  return short;
}
