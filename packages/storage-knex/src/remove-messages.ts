import {
  countsOf,
  subtractCounts,
  type Lease,
  type Message,
  type MessageCounts,
} from '@synapse/core';
import { dropUnused, readHeld } from './hold-attachments.ts';
import { fromMessageRow } from './message-rows.ts';
import { readNewestPreview } from './read-messages.ts';
import { lockForMessages } from './read-sessions.ts';
import type { SessionRow } from './rows.ts';
import { figuresOfRow, noCountColumns, toCountColumns, toPreviewColumns } from './session-rows.ts';
import type { Tables } from './tables.ts';

export async function undoTurn(
  tables: Tables,
  sessionId: string,
  lease: Lease | null,
): Promise<Message[]> {
  const row = await lockForMessages(tables, sessionId, lease);
  if (row.turn_count === 0) return [];
  const lastTurn = () =>
    tables.from('messages').where({ session_id: sessionId, turn: row.turn_count });
  const removed = (await lastTurn().orderBy('seq')).map(fromMessageRow);
  await lastTurn().delete();
  const counts = removed.map(countsOf).reduce<MessageCounts>(subtractCounts, figuresOfRow(row));
  const preview = await readNewestPreview(tables, sessionId);
  await setDerived(tables, row, { ...toCountColumns(counts), ...toPreviewColumns(preview) });
  return removed;
}

export async function clearMessages(
  tables: Tables,
  sessionId: string,
  lease: Lease | null,
): Promise<void> {
  const row = await lockForMessages(tables, sessionId, lease);
  const hashes = await readHeld(tables, [sessionId]);
  for (const table of ['messages', 'session_attachments'] as const) {
    await tables.from(table).where('session_id', sessionId).delete();
  }
  await dropUnused(tables, hashes);
  await setDerived(tables, row, { ...noCountColumns, ...toPreviewColumns(null) });
}

async function setDerived(
  tables: Tables,
  row: SessionRow,
  columns: Partial<SessionRow>,
): Promise<void> {
  await tables.from('sessions').where('id', row.id).update(columns);
}
