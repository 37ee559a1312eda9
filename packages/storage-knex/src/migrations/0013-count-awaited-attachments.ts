import type { Migration } from './migration.ts';

/** The same bytes may be stored for a future message while a session that used them is removed. */
export const countAwaitedAttachments: Migration = {
  name: '0013-count-awaited-attachments',

  async up(tables) {
    await tables.newSchema().alterTable('new_attachments', (table) => {
      table.bigInteger('awaited').notNullable().defaultTo(0);
    });
  },

  async down(tables) {
    await tables.query.raw('alter table ?? drop column awaited', [
      tables.nameOf('new_attachments'),
    ]);
  },
};
