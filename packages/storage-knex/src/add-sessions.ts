import {
  addToTally,
  checkOrder,
  ledgerEntryOf,
  noTally,
  type AddOptions,
  type WholeSession,
} from '@synapse/core/store-kit';
import { insertRows, rowsOf } from './append-messages.ts';
import { hashesOf, holdAwaited } from './hold-attachments.ts';
import { inChunks } from './in-chunks.ts';
import { addEntries, deriveSpent } from './ledger.ts';
import { lockMemo } from './retention-memo.ts';
import { toSessionRow, toTallyColumns } from './session-rows.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_INSERT = 100;

/** Adds the ledger entries of sessions that have none yet, and returns the ids of the other sessions. */
export async function addSessions(
  tables: Tables,
  sessions: readonly WholeSession[],
  { origin }: AddOptions,
): Promise<ReadonlySet<string>> {
  // Comes before the first read, because a transaction on SQLite must write first.
  await lockMemo(tables);
  const ids = sessions.map(({ session }) => session.id);
  const known = new Set<string>();
  for (const row of await tables.from('sessions').whereIn('id', ids).select('id'))
    known.add(row.id);
  const added = sessions.filter(({ session }) => !known.has(session.id));
  for (const chunk of inChunks(added, ROWS_PER_INSERT)) {
    await tables.from('sessions').insert(chunk.map(toRow));
  }
  const tags = added.flatMap(({ session: { id, tags } }) =>
    [...new Set(tags)].map((tag) => ({ session_id: id, tag: toStoredText(tag) })),
  );
  for (const chunk of inChunks(tags, ROWS_PER_INSERT))
    await tables.from('session_tags').insert(chunk);
  const rows = added.flatMap(({ session, messages }) => rowsOf(messages, session.id));
  await insertRows(tables, rows);
  for (const { session, messages } of added) {
    await holdAwaited(tables, session.id, hashesOf(messages));
  }
  if (origin !== undefined) {
    const calls = added.flatMap(({ session, messages }) =>
      messages.flatMap((message) => ledgerEntryOf(message, session.id, origin) ?? []),
    );
    await addEntries(tables, calls);
  }
  await deriveSpent(
    tables,
    added.map(({ session }) => session.id),
  );
  return known;
}

function toRow({ session, messages }: WholeSession) {
  checkOrder(session.id, 0, messages);
  return { ...toSessionRow(session), ...toTallyColumns(session, addToTally(noTally, messages)) };
}
