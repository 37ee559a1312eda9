import type { Migration } from './migration.ts';

/** Names and prefixes by which a server finds the session of another program's request. */
export const createAliases: Migration = {
  name: '0022-create-aliases',

  async up(tables) {
    const { key, rowNumber } = tables.dialect.columnTypes;
    const sessions = tables.nameOf('sessions');
    await tables.newSchema().createTable('session_aliases', (table) => {
      table.specificType('row_number', rowNumber);
      table.text('kind').notNullable();
      table.text('value').notNullable();
      table.specificType('session_id', key).notNullable();
      table.foreign('session_id').references('id').inTable(sessions).onDelete('CASCADE');
      table.unique(['kind', 'value', 'session_id'], { indexName: 'session_aliases_name' });
      table.index(['session_id'], 'session_aliases_session');
    });
    await tables.newSchema().createTable('message_prefixes', (table) => {
      table.specificType('row_number', rowNumber);
      table.specificType('hash', key).notNullable();
      table.specificType('session_id', key).notNullable();
      table.foreign('session_id').references('id').inTable(sessions).onDelete('CASCADE');
      table.text('message_id').notNullable();
      table.unique(['hash', 'session_id'], { indexName: 'message_prefixes_hash' });
      table.index(['session_id'], 'message_prefixes_session');
    });
  },

  async down(tables) {
    for (const name of ['message_prefixes', 'session_aliases']) {
      await tables.newSchema().dropTable(name);
    }
  },
};
