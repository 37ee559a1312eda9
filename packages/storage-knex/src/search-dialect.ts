import type { SearchQuery } from '@synapse/core';
import type { Knex } from 'knex';

/** How a database indexes `messages.search_text`, whose tokens stand between single spaces. */
export interface SearchDialect {
  createIndex(query: Knex): Promise<void>;
  dropIndex(query: Knex): Promise<void>;

  /** Whether the index has to gather all that it finds for these terms before it knows the newest. */
  gathersAll(terms: SearchQuery['terms']): boolean;

  /** Whether only the message itself says how new it is: all that the index finds have to be read. */
  readonly readsAllFound: boolean;

  /**
   * The messages that have a term of each group, of which there is at least one; joined with nothing but
   * the index. `position` is the column that says how new a message is: ordered by it, newest first,
   * and limited, the query reads no more of the index than it has to.
   */
  matching(query: Knex, terms: SearchQuery['terms']): SearchSelect;
}

export interface SearchSelect {
  select: Knex.QueryBuilder;
  position: string;
}
