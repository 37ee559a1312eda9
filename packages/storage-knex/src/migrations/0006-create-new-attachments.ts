import type { Migration } from './migration.ts';

/** Bytes are stored before the message that refers to them, and that message may never be stored. */
export const createNewAttachments: Migration = {
  name: '0006-create-new-attachments',

  async up(tables) {
    await tables.newSchema().createTable('new_attachments', (table) => {
      table.specificType('sha256', tables.dialect.columnTypes.key).notNullable().primary();
      table.bigInteger('stored_at').notNullable();
      table.index(['stored_at'], 'new_attachments_stored');
    });
  },

  async down(tables) {
    await tables.newSchema().dropTable('new_attachments');
  },
};
