import type { Migration } from './migration.ts';
import type { Tables } from '../tables.ts';

const LIMITED = 'deleted_at is null and pinned = 0 and archived = 0 and purged = 0';

/** Limits neither count nor remove sessions that were imported from another tool. */
export const keepImported: Migration = {
  name: '0017-keep-imported',

  async up(tables) {
    await createIndex(tables, ['origin'], `${LIMITED} and origin is null`);
  },

  async down(tables) {
    await createIndex(tables, [], LIMITED);
  },
};

/** SQLite counts with the index alone only if the index has the columns of its condition, too. */
async function createIndex(tables: Tables, more: readonly string[], where: string): Promise<void> {
  const columns = ['updated_at', 'id', 'deleted_at', 'pinned', 'archived', 'purged', ...more];
  await tables.query.raw('drop index ??', [tables.nameOf('sessions_limited')]);
  await tables.query.raw(
    `create index sessions_limited on ?? (${columns.join(', ')}) where ${where}`,
    [tables.nameOf('sessions')],
  );
}
