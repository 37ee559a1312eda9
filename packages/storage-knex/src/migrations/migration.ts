import type { Tables } from '../tables.ts';

/**
 * One step of the schema. A published one is never edited; a change is a new one. Neither `up` nor
 * `down` lets Knex drop or alter a column: on SQLite it makes the table anew, and dropping the old
 * one takes along what refers to it. `alter table … drop column` does not.
 */
export interface Migration {
  /** NNNN-verb-object, numbered without a gap. */
  name: string;
  up(tables: Tables): Promise<void>;
  down(tables: Tables): Promise<void>;
}
