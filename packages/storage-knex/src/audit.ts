import type { AuditEntry } from '@synapse/core/store-kit';
import { inChunks } from './in-chunks.ts';
import type { AuditRow } from './rows.ts';
import {
  fromStoredText,
  fromStoredTextOrNull,
  toStoredText,
  toStoredTextOrNull,
} from './stored-text.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_STATEMENT = 200;

export async function insertAudit(tables: Tables, entries: readonly AuditEntry[]): Promise<void> {
  for (const chunk of inChunks(entries, ROWS_PER_STATEMENT)) {
    await tables.from('audit').insert(chunk.map(toAuditRow));
  }
}

/** Skips entries that are already stored. */
export async function insertNewAudit(
  tables: Tables,
  entries: readonly AuditEntry[],
): Promise<void> {
  for (const chunk of inChunks(entries, ROWS_PER_STATEMENT)) {
    const rows = await tables.from('audit').whereIn(
      'session_id',
      chunk.map(({ sessionId }) => sessionId),
    );
    const known = new Set(rows.map(keyOf));
    await insertAudit(
      tables,
      chunk.filter((entry) => !known.has(keyOf(toAuditRow(entry)))),
    );
  }
}

export async function readAudit(tables: Tables, limit: number): Promise<AuditEntry[]> {
  const rows = await tables.from('audit').orderBy('id', 'desc').limit(limit);
  return rows.map((row) => ({
    action: row.action as AuditEntry['action'],
    sessionId: row.session_id,
    title: fromStoredTextOrNull(row.title),
    at: new Date(row.at),
    reason: fromStoredText(row.reason),
  }));
}

function toAuditRow({ action, sessionId, title, at, reason }: AuditEntry): AuditRow {
  return {
    at: at.getTime(),
    action,
    session_id: sessionId,
    title: toStoredTextOrNull(title),
    reason: toStoredText(reason),
  };
}

function keyOf({ at, action, session_id }: AuditRow): string {
  return `${at} ${action} ${session_id}`;
}
