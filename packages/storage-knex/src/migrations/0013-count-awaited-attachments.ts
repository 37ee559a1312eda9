import type { Migration } from './migration.ts';

/** Bytes may be stored again for a message that has yet to come, while a session that held them goes. */
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
