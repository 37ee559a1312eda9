import type { Tables } from '../tables.ts';

/** One step of the schema. A published one is never edited; a change is a new one. */
export interface Migration {
  /** NNNN-verb-object, numbered without a gap. */
  name: string;
  up(tables: Tables): Promise<void>;
  down(tables: Tables): Promise<void>;
}
