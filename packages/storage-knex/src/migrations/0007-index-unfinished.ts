import type { Migration } from './migration.ts';

/**
 * A long session is stored in many short transactions, and is invisible until the last one:
 * `purged` is 2 until then. A program that does not know this mark would show a part of it.
 */
export const indexUnfinished: Migration = {
  name: '0007-index-unfinished',

  async up(tables) {
    await tables.query.raw('create index sessions_unfinished on ?? (id) where purged = 2', [
      tables.nameOf('sessions'),
    ]);
  },

  async down(tables) {
    await tables.from('sessions').where('purged', 2).delete();
    await tables.query.raw('drop index ??', [tables.nameOf('sessions_unfinished')]);
  },
};
