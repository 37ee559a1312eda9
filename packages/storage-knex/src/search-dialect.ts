import type { SearchQuery } from '@synapse/core';
import type { Knex } from 'knex';

/** How a database indexes `messages.search_text`, in which single spaces separate the tokens. */
export interface SearchDialect {
  createIndex(query: Knex): Promise<void>;
  dropIndex(query: Knex): Promise<void>;

  /** Whether the index must collect all matches of these terms before it knows the newest. */
  gathersAll(terms: SearchQuery['terms']): boolean;

  /** Whether the index lacks the age of messages, so that all its matches must be read. */
  readonly readsAllFound: boolean;

  /**
   * The messages that contain a term of each group; there is at least one group. Joined only with
   * the index. `position` is the column with the age of a message: ordered by it, newest first, and
   * with a limit, the query reads only the necessary part of the index.
   */
  matching(query: Knex, terms: SearchQuery['terms']): SearchSelect;
}

export interface SearchSelect {
  select: Knex.QueryBuilder;
  position: string;
}
