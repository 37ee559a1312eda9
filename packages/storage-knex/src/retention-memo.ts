import type { RetentionClaim, RetentionMemo } from '@synapse/core/store-kit';
import type { RetentionMemoRow } from './rows.ts';
import type { Tables } from './tables.ts';

const timeColumns = [
  ['lastRunAt', 'last_run_at'],
  ['heldSince', 'held_since'],
  ['nextLookAt', 'next_look_at'],
  ['announcedAt', 'announced_at'],
  ['lastHintAt', 'last_hint_at'],
] as const;

export async function readMemo(tables: Tables): Promise<RetentionMemo> {
  const [row] = await tables.from('retention_memo').where('id', 1);
  return {
    lastRunAt: toDate(row?.last_run_at),
    heldSince: toDate(row?.held_since),
    nextLookAt: toDate(row?.next_look_at),
    announcedAt: toDate(row?.announced_at),
    mark: row?.mark ?? null,
    markBefore: row?.mark_before ?? null,
    lastHintAt: toDate(row?.last_hint_at),
  };
}

export async function saveMemo(tables: Tables, change: Partial<RetentionMemo>): Promise<void> {
  const columns: Partial<RetentionMemoRow> = {};
  for (const [name, column] of timeColumns) {
    const time = change[name];
    if (time !== undefined) columns[column] = time?.getTime() ?? null;
  }
  if (change.mark !== undefined) columns.mark = change.mark;
  if (change.markBefore !== undefined) columns.mark_before = change.markBefore;
  if (Object.keys(columns).length === 0) return;
  await tables.from('retention_memo').where('id', 1).update(columns);
}

/** Locks the row against other callers. It writes first, as a transaction on SQLite must. */
export async function lockMemo(tables: Tables): Promise<void> {
  await tables.from('retention_memo').update('id', tables.query.ref('id'));
}

/** A row with a time, so that the claim of a process that died expires by itself. */
export async function takeClaim(
  tables: Tables,
  { token, now, durationMs }: RetentionClaim,
): Promise<boolean> {
  const expiresAtMs = now.getTime() + durationMs;
  const updated = await tables
    .from('retention_memo')
    .where('id', 1)
    .where((where) => {
      void where
        .whereNull('claim_token')
        .orWhere('claim_token', token)
        .orWhere('claim_expires_at', '<=', now.getTime())
        .orWhere('claim_expires_at', '>', expiresAtMs);
    })
    .update({ claim_token: token, claim_expires_at: expiresAtMs });
  return updated === 1;
}

export async function releaseClaim(tables: Tables, token: string): Promise<void> {
  await tables
    .from('retention_memo')
    .where('claim_token', token)
    .update({ claim_token: null, claim_expires_at: null });
}

function toDate(timeMs: number | null | undefined): Date | null {
  return timeMs == null ? null : new Date(timeMs);
}
