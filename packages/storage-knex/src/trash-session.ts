import { type Session } from '@synapse/core';
import { nextRevision } from './revision.ts';
import { toUpdatedColumns } from './session-rows.ts';
import { lockSession, requireSession } from './stored-sessions.ts';
import type { Tables } from './tables.ts';

export async function trashSession(tables: Tables, id: string, at: Date): Promise<void> {
  await lockSession(tables, id);
  await tables
    .from('sessions')
    .where('id', id)
    .whereNull('deleted_at')
    .update({ ...nextRevision(tables), deleted_at: at.getTime() });
}

export async function restoreSession(tables: Tables, id: string, at: Date): Promise<Session> {
  const row = await lockSession(tables, id);
  if (row.deleted_at !== null) {
    const updated = toUpdatedColumns(Math.max(row.updated_at, at.getTime()));
    await tables
      .from('sessions')
      .where('id', id)
      .update({ ...nextRevision(tables), deleted_at: null, ...updated });
  }
  return requireSession(tables, id);
}
