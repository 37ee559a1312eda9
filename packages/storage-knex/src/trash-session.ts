import { type Session } from '@synapse/core';
import { dropUnused, readHeld } from './hold-attachments.ts';
import { lockSession, requireSession } from './read-sessions.ts';
import type { Tables } from './tables.ts';

export async function trashSession(tables: Tables, id: string, at: Date): Promise<void> {
  await lockSession(tables, id);
  await tables
    .from('sessions')
    .where('id', id)
    .whereNull('deleted_at')
    .update({ deleted_at: at.getTime() });
}

export async function restoreSession(tables: Tables, id: string): Promise<Session> {
  await lockSession(tables, id);
  await tables.from('sessions').where('id', id).update({ deleted_at: null });
  return requireSession(tables, id);
}

/** At most 500 ids. Messages and tags go by the foreign keys. */
export async function purgeSessions(tables: Tables, ids: readonly string[]): Promise<number> {
  const locked = await tables
    .from('sessions')
    .whereIn('id', ids)
    .update('next_seq', tables.query.ref('next_seq'))
    .returning('id');
  const found = locked.map(({ id }) => id);
  const hashes = await readHeld(tables, found);
  await tables.from('sessions').whereIn('id', found).delete();
  await dropUnused(tables, hashes);
  return found.length;
}
