import type { Lease, Session, SessionChange } from '@synapse/core';
import { insertTags } from './create-session.ts';
import { lockForMessages, lockIntact, readTags, requireSession } from './read-sessions.ts';
import type { SessionRow } from './rows.ts';
import { sealSession } from './seal-session.ts';
import { toListColumns } from './session-rows.ts';
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
  const { titleBefore } = change;
  if (titleBefore !== undefined && toStoredTextOrNull(titleBefore) !== row.title) {
    return requireSession(tables, id);
  }
  const columns = toChangedColumns(row, change);
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
    .update({ ...columns, seal });
  return requireSession(tables, id);
}

function toChangedColumns(row: SessionRow, change: SessionChange): Partial<SessionRow> {
  const { handle, title, provider, model, systemPrompt, workingDirectory } = change;
  const changed: Partial<SessionRow> = {};
  if (handle !== undefined) changed.handle = toStoredTextOrNull(handle);
  if (title !== undefined) changed.title = toStoredTextOrNull(title);
  if (provider !== undefined) changed.provider = toStoredTextOrNull(provider);
  if (model !== undefined) changed.model = toStoredTextOrNull(model);
  if (systemPrompt !== undefined) changed.system_prompt = toStoredTextOrNull(systemPrompt);
  if (workingDirectory !== undefined) {
    changed.working_directory = toStoredTextOrNull(workingDirectory);
  }
  if (change.pinned !== undefined) changed.pinned = change.pinned ? 1 : 0;
  if (change.archived !== undefined) changed.archived = change.archived ? 1 : 0;
  if (change.metadata !== undefined) changed.metadata = JSON.stringify(change.metadata);
  const { handle: newHandle, title: newTitle, preview } = { ...row, ...changed };
  const list = toListColumns({
    handle: fromStoredTextOrNull(newHandle),
    title: fromStoredTextOrNull(newTitle),
    preview: fromStoredTextOrNull(preview),
  });
  return { ...changed, ...list };
}
