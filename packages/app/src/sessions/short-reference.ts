import type { Session, SessionStore } from '@synapse/core';
import { shortIdsOf } from './short-ids.ts';

/**
 * What to write to get this session again: its name, or as much of its id as no other one begins
 * with. The whole id if the store fails, which is no reason to fail after an answer.
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
    // Of many only some are found, and a name may look like the beginning of an id.
    const apart = shortIdsOf([...found, id]).get(id) ?? id;
    short = apart.length > short.length ? apart : id.slice(0, short.length + 1);
  }
  return short;
}
