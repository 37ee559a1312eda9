import type { Knex } from 'knex';
import { toStoredText } from './stored-text.ts';
import type { SessionRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** Keeps the rows of a table whose sessions were not purged, and belong to the owner if one is given. */
export function filterBySession(
  tables: Tables,
  select: Knex.QueryBuilder,
  table: string,
  owner?: string | null,
): void {
  const sessions = tables.from('sessions').whereRaw(`sessions.id = ${table}.session_id`);
  void sessions.where('purged', 0);
  filterByOwner(sessions, owner);
  void select.whereExists(sessions.select(tables.query.raw('1')));
}

/** Remembers whose sessions these were, because their calls stay in the ledger. */
export async function keepOwners(
  tables: Tables,
  purged: readonly Pick<SessionRow, 'id' | 'owner'>[],
): Promise<void> {
  const rows = purged.flatMap(({ id, owner }) => (owner === null ? [] : { session_id: id, owner }));
  if (rows.length === 0) return;
  await tables.from('former_owners').insert(rows).onConflict('session_id').merge();
}

/**
 * SQL that is true for the ledger entries of this owner, with its values. An entry whose session is
 * gone and had no owner belongs to `local`.
 */
export function callsOfOwner(
  tables: Tables,
  column: string,
  owner: string | null,
): { sql: string; values: string[] } {
  const [sessions, former] = [tables.nameOf('sessions'), tables.nameOf('former_owners')];
  const condition = owner === null ? 'owner is not null' : 'owner = ?';
  const given = owner === null ? [] : [toStoredText(owner)];
  const sql = `${column} ${owner === null ? 'not in' : 'in'} (select id from ?? where ${condition}
    union select session_id from ?? where ${condition})`;
  return { sql, values: [sessions, ...given, former, ...given] };
}

/** Keeps the rows of one owner; all rows if no owner is given. */
export function filterByOwner(
  select: Knex.QueryBuilder,
  owner: string | null | undefined,
  column = 'owner',
): void {
  if (owner === null) void select.whereNull(column);
  else if (owner !== undefined) void select.where(column, toStoredText(owner));
}
