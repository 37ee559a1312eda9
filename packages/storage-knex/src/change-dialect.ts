import type { ChangeKind } from '@synapse/core/server';
import type { Knex } from 'knex';

export interface FollowedTable {
  table: 'runs' | 'approvals';
  kind: ChangeKind;
  columns: readonly string[];
}

/**
 * The tables `changes` and `change_feed`, and the triggers that add a row for each change of a
 * session in the transaction of the change. The triggers tell by the columns of a session what
 * changed: `seal` and `deleted_at` change with its fields, `revision` alone with its messages.
 */
export interface ChangeDialect {
  create(query: Knex): Promise<void>;
  drop(query: Knex): Promise<void>;
  /**
   * Adds triggers that note new rows of a table that belongs to sessions, and changes of these
   * columns, as changes of that kind.
   */
  follow(query: Knex, followed: FollowedTable): Promise<void>;
  unfollow(query: Knex, table: FollowedTable['table']): Promise<void>;
  /**
   * The last position at or below which no open transaction can still add a row. A later statement
   * reads all rows up to it.
   */
  lastPosition(query: Knex): Promise<number>;
  /** How often to look for changes by other processes while a reader waits for them. */
  readonly pollMs: number;
}
