import type { Migration } from './migration.ts';

/**
 * The messages of a session record what its requests contain, and no earlier version wrote
 * summaries elsewhere.
 */
export const createContextIndex: Migration = {
  name: '0004-create-context-index',

  async up(tables) {
    await tables.query.raw(
      "create index messages_context on ?? (session_id, seq) where role = 'context'",
      [tables.nameOf('messages')],
    );
    await tables.newSchema().dropTable('summaries');
  },

  async down(tables) {
    const { key } = tables.dialect.columnTypes;
    await tables.newSchema().createTable('summaries', (table) => {
      table.specificType('id', key).notNullable().primary();
      table.specificType('session_id', key).notNullable();
      table
        .foreign('session_id')
        .references('id')
        .inTable(tables.nameOf('sessions'))
        .onDelete('CASCADE');
      table.bigInteger('first_seq').notNullable();
      table.bigInteger('last_seq').notNullable();
      table.text('content').notNullable();
      table.text('provider');
      table.text('model');
      table.bigInteger('created_at').notNullable();
      table.index(['session_id', 'last_seq'], 'summaries_session');
    });
    await tables.query.raw('drop index ??', [tables.nameOf('messages_context')]);
  },
};
