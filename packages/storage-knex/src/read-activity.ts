import type { ActivityRange } from '@synapse/core/store-kit';
import type { Tables } from './tables.ts';

/** The sessions that a limit applies to; the condition of the index `sessions_limited`. */
export const LIMITED =
  'deleted_at is null and pinned = 0 and archived = 0 and purged = 0 and origin is null';

export async function readActivityAtRank(tables: Tables, rank: number): Promise<Date | null> {
  const [row] = await tables
    .from('sessions')
    .whereRaw(LIMITED)
    .orderBy('updated_at', 'desc')
    .offset(rank - 1)
    .limit(1)
    .select('updated_at');
  return row ? new Date(row.updated_at) : null;
}

export async function countActive(
  tables: Tables,
  { since, before }: ActivityRange,
  limit: number,
): Promise<number> {
  const range = tables.from('sessions').whereRaw(LIMITED).limit(limit).select('updated_at');
  if (since) void range.where('updated_at', '>=', since.getTime());
  if (before) void range.where('updated_at', '<', before.getTime());
  const rows: { count?: number | string }[] = await tables.query
    .from(range.as('range'))
    .count({ count: '*' });
  return Number(rows[0]?.count ?? 0);
}

export async function readNewestActivity(tables: Tables): Promise<Date | null> {
  const [row] = await tables
    .from('sessions')
    // As a value that is bound, SQLite would take it for rare, and sort all sessions.
    .whereRaw('purged = 0')
    .orderBy('updated_at', 'desc')
    .limit(1)
    .select('updated_at');
  return row ? new Date(row.updated_at) : null;
}
