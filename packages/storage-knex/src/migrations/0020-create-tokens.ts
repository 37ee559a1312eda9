import type { Migration } from './migration.ts';

/** The tokens of a server, by the hashes of them. */
export const createTokens: Migration = {
  name: '0020-create-tokens',

  async up(tables) {
    const { key } = tables.dialect.columnTypes;
    await tables.newSchema().createTable('tokens', (table) => {
      table.specificType('id', key).notNullable().primary();
      table.text('name').notNullable();
      table.specificType('hash', key).notNullable();
      table.text('scopes').notNullable();
      table.text('owner');
      table.bigInteger('created_at').notNullable();
      table.bigInteger('revoked_at');
      table.bigInteger('last_used_at');
      table.unique(['hash'], { indexName: 'tokens_hash' });
    });
  },

  async down(tables) {
    await tables.newSchema().dropTable('tokens');
  },
};
