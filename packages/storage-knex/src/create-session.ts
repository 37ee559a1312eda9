import { type Session } from '@synapse/core';
import type { SessionRow } from './rows.ts';
import { toSessionRow } from './session-rows.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function insertSession(
  tables: Tables,
  session: Session,
  columns: Partial<SessionRow> = {},
): Promise<void> {
  await tables.from('sessions').insert({ ...toSessionRow(session), ...columns });
  await insertTags(tables, session.id, session.tags);
}

export async function insertTags(
  tables: Tables,
  sessionId: string,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  await tables
    .from('session_tags')
    .insert(tags.map((tag) => ({ session_id: sessionId, tag: toStoredText(tag) })))
    .onConflict(['session_id', 'tag'])
    .ignore();
}
