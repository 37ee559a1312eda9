import type { Migration } from './migration.ts';

/** The owners of purged sessions, whose calls stay in the ledger. */
export const keepOwners: Migration = {
  name: '0023-keep-owners',

  async up(tables) {
    await tables.newSchema().createTable('former_owners', (table) => {
      table.specificType('session_id', tables.dialect.columnTypes.key).notNullable().primary();
      table.text('owner').notNullable();
    });
  },

  async down(tables) {
    await tables.newSchema().dropTable('former_owners');
  },
};
