import type { Migration } from './migration.ts';

/** What the owners of tokens have sent, so that they can repeat requests and use their uploads. */
export const createReceipts: Migration = {
  name: '0024-create-receipts',

  async up(tables) {
    const { key } = tables.dialect.columnTypes;
    await tables.newSchema().createTable('receipts', (table) => {
      table.specificType('token_id', key).notNullable();
      table.specificType('key', key).notNullable();
      table.specificType('fingerprint', key).notNullable();
      table.bigInteger('kept_at').notNullable();
      table.primary(['token_id', 'key']);
      table.index(['kept_at'], 'receipts_kept_at');
    });
  },

  async down(tables) {
    await tables.newSchema().dropTable('receipts');
  },
};
