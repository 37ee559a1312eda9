import type { Knex } from 'knex';
import { toStoredText } from './stored-text.ts';
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

/** Keeps the rows of one owner; all rows if no owner is given. */
export function filterByOwner(
  select: Knex.QueryBuilder,
  owner: string | null | undefined,
  column = 'owner',
): void {
  if (owner === null) void select.whereNull(column);
  else if (owner !== undefined) void select.where(column, toStoredText(owner));
}
