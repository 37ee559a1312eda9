import type { Migration } from './migration.ts';

export const createSearchIndex: Migration = {
  name: '0002-create-search-index',
  up: ({ dialect, query }) => dialect.search.createIndex(query),
  down: ({ dialect, query }) => dialect.search.dropIndex(query),
};
