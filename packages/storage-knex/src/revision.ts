import type { Knex } from 'knex';
import type { Tables } from './tables.ts';

/** The columns of an update that changes a session or its messages. */
export function nextRevision({ query }: Tables): { revision: Knex.Raw<number> } {
  return { revision: query.raw<number>('revision + 1') };
}
