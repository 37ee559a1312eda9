import { type Session } from '@synapse/core';
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
