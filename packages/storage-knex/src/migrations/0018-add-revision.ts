import type { Migration } from './migration.ts';

/** By which a caller notices that a session was changed since it was read. */
export const addRevision: Migration = {
  name: '0018-add-revision',

  async up(tables) {
    await tables.query.raw('alter table ?? add column revision bigint not null default 0', [
      tables.nameOf('sessions'),
    ]);
  },

  async down(tables) {
    await tables.query.raw('alter table ?? drop column ??', [
      tables.nameOf('sessions'),
      'revision',
    ]);
  },
};
