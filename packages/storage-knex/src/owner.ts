import type { Knex } from 'knex';
import { toStoredText } from './stored-text.ts';

/** Keeps the rows of one owner; all rows if no owner is given. */
export function filterByOwner(
  select: Knex.QueryBuilder,
  owner: string | null | undefined,
  column = 'owner',
): void {
  if (owner === null) void select.whereNull(column);
  else if (owner !== undefined) void select.where(column, toStoredText(owner));
}
