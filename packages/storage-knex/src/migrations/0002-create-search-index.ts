import type { Migration } from './migration.ts';

export const createSearchIndex: Migration = {
  name: '0002-create-search-index',
  up: (tables) => tables.dialect.search.createIndex(tables),
  down: (tables) => tables.dialect.search.dropIndex(tables),
};
