import type { RetentionClaim, RetentionMemo } from '@synapse/core';
import type { RetentionMemoRow } from './rows.ts';
import type { Tables } from './tables.ts';

export async function readMemo(tables: Tables): Promise<RetentionMemo> {
  const [row] = await tables.from('retention_memo').where('id', 1);
  return {
    lastRunAt: toDate(row?.last_run_at),
    heldSince: toDate(row?.held_since),
    lastHintAt: toDate(row?.last_hint_at),
  };
}

export async function saveMemo(tables: Tables, change: Partial<RetentionMemo>): Promise<void> {
  const { lastRunAt, heldSince, lastHintAt } = change;
  const columns: Partial<RetentionMemoRow> = {};
  if (lastRunAt !== undefined) columns.last_run_at = lastRunAt?.getTime() ?? null;
  if (heldSince !== undefined) columns.held_since = heldSince?.getTime() ?? null;
  if (lastHintAt !== undefined) columns.last_hint_at = lastHintAt?.getTime() ?? null;
  if (Object.keys(columns).length === 0) return;
  await tables.from('retention_memo').where('id', 1).update(columns);
}

/** Makes others wait who do so too. Writes, as the first statement of a transaction has to on SQLite. */
export async function lockMemo(tables: Tables): Promise<void> {
  await tables.from('retention_memo').update('id', tables.query.ref('id'));
}

/** A row and its time, so that the claim of a process that died ends by itself. */
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
