import type { Migration } from './migration.ts';

const COLUMNS = ['next_look_at', 'announced_at', 'mark', 'mark_before'] as const;

/**
 * A cleanup finds the sessions over the limits in one query, even if it may remove only some, and
 * records when it looked.
 */
export const addRetentionIndex: Migration = {
  name: '0008-add-retention-index',

  async up(tables) {
    // SQLite counts with the index alone only if the index has the columns of its condition, too.
    await tables.query.raw(
      `create index sessions_limited on ?? (updated_at, id, deleted_at, pinned, archived, purged)
       where deleted_at is null and pinned = 0 and archived = 0 and purged = 0`,
      [tables.nameOf('sessions')],
    );
    await tables.newSchema().alterTable('retention_memo', (table) => {
      for (const column of COLUMNS) table.bigInteger(column);
    });
  },

  async down(tables) {
    for (const column of COLUMNS) {
      await tables.query.raw('alter table ?? drop column ??', [
        tables.nameOf('retention_memo'),
        column,
      ]);
    }
    await tables.query.raw('drop index ??', [tables.nameOf('sessions_limited')]);
  },
};
