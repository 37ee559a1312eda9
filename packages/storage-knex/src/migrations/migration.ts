import type { Tables } from '../tables.ts';

/**
 * One step of the schema. A published step is never edited; each change is a new step. Neither `up`
 * nor `down` may let Knex drop or alter a column: on SQLite Knex builds a new table, and dropping
 * the old one also removes rows that refer to it. `alter table … drop column` does not.
 */
export interface Migration {
  /** NNNN-verb-object, numbered without a gap. */
  name: string;
  up(tables: Tables): Promise<void>;
  down(tables: Tables): Promise<void>;
}
