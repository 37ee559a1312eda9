import type { Migration } from './migration.ts';

/**
 * A long session is removed in many short transactions, and is invisible to all readers from the
 * first one on.
 */
export const addPurged: Migration = {
  name: '0005-add-purged',

  async up(tables) {
    const sessions = tables.nameOf('sessions');
    await tables.query.raw('alter table ?? add column purged integer not null default 0', [
      sessions,
    ]);
    await tables.query.raw('create index sessions_purged on ?? (id) where purged = 1', [sessions]);
  },

  async down(tables) {
    // Otherwise they would reappear, with a part of their messages.
    await tables.from('sessions').where('purged', 1).delete();
    await tables.query.raw('drop index ??', [tables.nameOf('sessions_purged')]);
    await tables.query.raw('alter table ?? drop column purged', [tables.nameOf('sessions')]);
  },
};
