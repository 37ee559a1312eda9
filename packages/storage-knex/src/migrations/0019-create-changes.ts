import type { Migration } from './migration.ts';

/** What changed in which session, for readers that follow the store. */
export const createChanges: Migration = {
  name: '0019-create-changes',
  up: ({ dialect, query }) => dialect.changes.create(query),
  down: ({ dialect, query }) => dialect.changes.drop(query),
};
