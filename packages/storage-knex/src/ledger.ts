import type { LedgerEntry, LedgerKind, LedgerPage } from '@synapse/core/store-kit';
import { inChunks } from './in-chunks.ts';
import { callColumns, fromCallColumns, toCallColumns } from './message-rows.ts';
import { callsOfOwner } from './owner.ts';
import type { LedgerRow } from './rows.ts';
import { sumSpent } from './seal-session.ts';
import { noneSpentColumns, type SpentColumns } from './session-rows.ts';
import type { Tables } from './tables.ts';

const MAX_PAGE = 500;
const ROWS_PER_INSERT = 100;

export function toLedgerRow(entry: LedgerEntry): LedgerRow {
  return {
    id: entry.id,
    session_id: entry.sessionId,
    kind: entry.kind,
    origin: entry.origin,
    ...toCallColumns(entry),
  };
}

function fromLedgerRow(row: LedgerRow): LedgerEntry {
  return {
    id: row.id,
    sessionId: row.session_id,
    kind: row.kind as LedgerKind,
    origin: row.origin,
    ...fromCallColumns(row),
  };
}

export async function readEntries(tables: Tables, ids: readonly string[]): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const chunk of inChunks(ids, MAX_PAGE)) {
    entries.push(...(await tables.from('ledger').whereIn('id', chunk)).map(fromLedgerRow));
  }
  return entries;
}

export async function readLedger(
  tables: Tables,
  { after, limit, sessionId, owner }: LedgerPage,
): Promise<LedgerEntry[]> {
  const select = tables.from('ledger').orderBy('id').limit(Math.min(limit, MAX_PAGE));
  if (after !== null) void select.where('id', '>', after);
  if (sessionId !== undefined) void select.where('session_id', sessionId);
  if (owner !== undefined) {
    const { sql, values } = callsOfOwner(tables, 'session_id', owner);
    void select.whereRaw(sql, values);
  }
  return (await select).map(fromLedgerRow);
}

/** Replaces the entries with the same ids. */
export async function storeEntries(tables: Tables, entries: readonly LedgerEntry[]): Promise<void> {
  for (const chunk of inChunks(entries, ROWS_PER_INSERT)) {
    await tables.from('ledger').insert(chunk.map(toLedgerRow)).onConflict('id').merge();
  }
}

/**
 * Skips entries whose id the ledger has; a complete answer replaces a partial one. Returns the
 * changed entries.
 */
export async function addEntries(
  tables: Tables,
  entries: readonly LedgerEntry[],
): Promise<Pick<LedgerRow, 'id' | 'session_id'>[]> {
  const added: Pick<LedgerRow, 'id' | 'session_id'>[] = [];
  for (const chunk of inChunks(entries, ROWS_PER_INSERT)) {
    const rows = chunk.map(toLedgerRow);
    const insert = tables.from('ledger').insert(rows).onConflict('id').merge();
    added.push(...(await insert.whereRaw(COMPLETES).returning(['id', 'session_id'])));
  }
  return added;
}

/** The SQL form of `ledgerEntryOf`, for messages that are not copies. */
export const IS_CALL = `(messages.role = 'assistant'
  or (messages.role in ('context', 'title') and messages.usage_estimated is not null))`;

/** The calls of the messages of a session, or of a range of them, except those that the ledger has already. */
export async function enterStored(
  tables: Tables,
  sessionId: string,
  origin: string,
  { after, upTo }: { after: number; upTo?: number | undefined } = { after: 0 },
): Promise<void> {
  const columns = callColumns.join(', ');
  await tables.query.raw(
    `insert into ?? (id, session_id, kind, origin, ${columns})
     select id, session_id,
       case role when 'assistant' then 'answer' when 'title' then 'title' else 'summary' end,
       cast(? as text), ${columns}
     from ?? messages where session_id = ? and seq > ? and seq <= ? and copy_of is null and ${IS_CALL}
     on conflict (id) do update set ${callColumns.map((name) => `${name} = excluded.${name}`).join(', ')}
     where ${COMPLETES}`,
    [
      tables.nameOf('ledger'),
      origin,
      tables.nameOf('messages'),
      sessionId,
      after,
      upTo ?? Number.MAX_SAFE_INTEGER,
    ],
  );
}

/** The SQL form of the function `completes`. */
const COMPLETES = `ledger.session_id = excluded.session_id
  and coalesce(ledger.origin, '') = coalesce(excluded.origin, '')
  and ledger.status in ('running', 'interrupted')
  and excluded.status not in ('running', 'interrupted')`;

/** The SQL form of `isUnpriced`. */
export const IS_UNPRICED =
  "(price is null and (usage_estimated is not null or status = 'complete'))";

const SUMS = `cast(coalesce(sum(input_tokens), 0) as bigint) as input_tokens,
  cast(coalesce(sum(output_tokens), 0) as bigint) as output_tokens,
  cast(coalesce(sum(cost_nano_usd), 0) as bigint) as cost_nano_usd,
  cast(coalesce(sum(case when ${IS_UNPRICED} then 1 else 0 end), 0)
    as bigint) as unpriced_count`;

/** Only for sessions that no other process writes to in the meantime. */
export async function deriveSpent(tables: Tables, sessionIds: readonly string[]): Promise<void> {
  for (const id of sessionIds) {
    const [spent = noneSpentColumns] = await tables
      .from('ledger')
      .where('session_id', id)
      .select<Omit<SpentColumns, 'spent_sum'>[]>(tables.query.raw(SUMS));
    const spent_sum = sumSpent(spent);
    await tables
      .from('sessions')
      .where('id', id)
      .update({ ...spent, spent_sum });
  }
}

/** The figures by session, under the session's names for them. */
export function selectSpent(tables: Tables) {
  return tables.from('ledger').groupBy('session_id').select('session_id', tables.query.raw(SUMS));
}
