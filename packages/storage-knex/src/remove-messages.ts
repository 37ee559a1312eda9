import { noTally, type Lease } from '@synapse/core';
import { dropUnused, readHeld } from './hold-attachments.ts';
import { lockForMessages } from './read-sessions.ts';
import { noCountColumns, toMarkColumns, toPreviewColumns } from './session-rows.ts';
import type { Tables } from './tables.ts';

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
  await tables
    .from('sessions')
    .where('id', row.id)
    .update({
      ...noCountColumns,
      ...toMarkColumns({ ...noTally, lastTurn: row.last_turn }),
      ...toPreviewColumns(null),
    });
}
