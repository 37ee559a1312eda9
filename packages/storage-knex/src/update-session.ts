import type { Lease, Session, SessionChange } from '@synapse/core';
import { SessionChangedError } from '@synapse/core/server';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import { sealSession } from './seal-session.ts';
import { toChangedColumns, toListColumns } from './session-rows.ts';
import {
  insertTags,
  lockForMessages,
  lockIntact,
  readTags,
  requireSession,
} from './stored-sessions.ts';
import { fromStoredTextOrNull, toStoredText, toStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function updateSession(
  tables: Tables,
  id: string,
  change: SessionChange,
  lease: Lease | null,
): Promise<Session> {
  if (lease) await lockForMessages(tables, id, lease);
  const row = await lockIntact(tables, id);
  const { titleBefore, expectedRevision } = change;
  if (expectedRevision !== undefined && expectedRevision !== row.revision) {
    throw new SessionChangedError(id, row.revision);
  }
  if (titleBefore !== undefined && toStoredTextOrNull(titleBefore) !== row.title) {
    return requireSession(tables, id);
  }
  const columns = toNewColumns(row, change);
  const { removeTags = [], addTags = [] } = change;
  if (removeTags.length > 0) {
    await tables
      .from('session_tags')
      .where('session_id', id)
      .whereIn('tag', removeTags.map(toStoredText))
      .delete();
  }
  await insertTags(tables, id, [...new Set(addTags)]);
  const seal = sealSession({ ...row, ...columns }, await readTags(tables, id));
  await tables
    .from('sessions')
    .where('id', id)
    .update({ ...columns, seal, ...(seal !== row.seal && nextRevision(tables)) });
  return requireSession(tables, id);
}

/** The changed columns, and the text that the filter of a list searches. */
function toNewColumns(row: SessionRow, change: SessionChange): Partial<SessionRow> {
  const changed = toChangedColumns(change);
  const { handle, title, preview } = { ...row, ...changed };
  const list = toListColumns({
    handle: fromStoredTextOrNull(handle),
    title: fromStoredTextOrNull(title),
    preview: fromStoredTextOrNull(preview),
  });
  return { ...changed, ...list };
}
