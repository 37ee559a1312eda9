import { isEmptyQuery, type SearchHit, type SearchQuery, type SessionSearch } from '@synapse/core';
import type { Page, SearchPage } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { searchMessages } from './search-messages.ts';

export class KnexSearch implements SessionSearch {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async search(query: SearchQuery, page: SearchPage): Promise<Page<SearchHit>> {
    if (isEmptyQuery(query)) return { items: [], nextCursor: null };
    return this.#database.read((tables) => searchMessages(tables, query, page));
  }
}
