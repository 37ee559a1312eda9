import type { Knex } from 'knex';
import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

export const createSessions: Migration = {
  name: '0001-create-sessions',

  async up(tables) {
    const { dialect } = tables;
    const belongsToSession = (table: Knex.CreateTableBuilder) => {
      table.specificType('session_id', dialect.columnTypes.key).notNullable();
      table
        .foreign('session_id')
        .references('id')
        .inTable(tables.nameOf('sessions'))
        .onDelete('CASCADE');
    };
    const key = (table: Knex.CreateTableBuilder, name: string) =>
      table.specificType(name, dialect.columnTypes.key);

    await tables.newSchema().createTable('sessions', (table) => {
      key(table, 'id').notNullable().primary();
      table.text('handle');
      table.text('title');
      table.text('provider');
      table.text('model');
      table.text('system_prompt');
      table.text('working_directory');
      table.integer('pinned').notNullable();
      table.integer('archived').notNullable();
      table.bigInteger('deleted_at');
      table.text('forked_from_session');
      table.text('forked_from_message');
      table.text('owner');
      table.text('metadata').notNullable();
      table.bigInteger('created_at').notNullable();
      table.bigInteger('updated_at').notNullable();
      table.bigInteger('next_seq').notNullable();
      table.bigInteger('message_count').notNullable();
      table.bigInteger('turn_count').notNullable();
      table.bigInteger('input_tokens').notNullable();
      table.bigInteger('output_tokens').notNullable();
      table.bigInteger('cost_nano_usd').notNullable();
      table.bigInteger('unpriced_count').notNullable();
      table.text('preview');
      table.text('list_text').notNullable();
      table.text('preview_text').notNullable();
      table.bigInteger('lease_token').notNullable();
      table.text('lease_holder');
      table.bigInteger('lease_expires_at');
    });
    await createMessages(tables, belongsToSession, key);
    await tables.newSchema().createTable('session_tags', (table) => {
      belongsToSession(table);
      table.text('tag').notNullable();
      table.primary(['session_id', 'tag']);
      table.index(['tag'], 'session_tags_tag');
    });
    await tables.newSchema().createTable('attachments', (table) => {
      key(table, 'sha256').notNullable().primary();
      table.binary('bytes').notNullable();
      table.bigInteger('byte_length').notNullable();
    });
    await tables.newSchema().createTable('session_attachments', (table) => {
      belongsToSession(table);
      key(table, 'sha256').notNullable();
      table.primary(['session_id', 'sha256']);
      table.index(['sha256'], 'session_attachments_sha256');
    });
    await tables.newSchema().createTable('summaries', (table) => {
      key(table, 'id').notNullable().primary();
      belongsToSession(table);
      table.bigInteger('first_seq').notNullable();
      table.bigInteger('last_seq').notNullable();
      table.text('content').notNullable();
      table.text('provider');
      table.text('model');
      table.bigInteger('created_at').notNullable();
      table.index(['session_id', 'last_seq'], 'summaries_session');
    });
    await tables.newSchema().createTable('audit', (table) => {
      table.specificType('id', dialect.columnTypes.rowNumber);
      table.bigInteger('at').notNullable();
      table.text('action').notNullable();
      table.text('session_id').notNullable();
      table.text('title');
      table.text('reason').notNullable();
    });
    await createIndexes(tables);
  },

  async down(tables) {
    const names = [
      'audit',
      'summaries',
      'session_attachments',
      'attachments',
      'session_tags',
      'messages',
      'sessions',
    ];
    for (const name of names) await tables.newSchema().dropTable(name);
  },
};

async function createMessages(
  tables: Tables,
  belongsToSession: (table: Knex.CreateTableBuilder) => void,
  key: (table: Knex.CreateTableBuilder, name: string) => Knex.ColumnBuilder,
): Promise<void> {
  await tables.newSchema().createTable('messages', (table) => {
    table.specificType('row_number', tables.dialect.columnTypes.rowNumber);
    key(table, 'id').notNullable();
    belongsToSession(table);
    table.bigInteger('seq').notNullable();
    table.bigInteger('turn').notNullable();
    table.text('role').notNullable();
    table.text('status').notNullable();
    table.text('parts').notNullable();
    table.text('content_sha256').notNullable();
    table.text('search_text').notNullable();
    table.text('provider');
    table.text('model');
    table.bigInteger('input_tokens');
    table.bigInteger('output_tokens');
    table.bigInteger('cache_read_tokens');
    table.bigInteger('cache_write_tokens');
    table.bigInteger('reasoning_tokens');
    table.integer('usage_estimated');
    table.bigInteger('cost_nano_usd');
    table.text('price');
    table.double('latency_ms');
    table.double('time_to_first_token_ms');
    table.text('finish_reason');
    table.text('error');
    table.bigInteger('created_at').notNullable();
    table.unique(['id'], { indexName: 'messages_id' });
    table.unique(['session_id', 'seq'], { indexName: 'messages_session_seq' });
  });
}

async function createIndexes(tables: Tables): Promise<void> {
  const sessions = tables.nameOf('sessions');
  const messages = tables.nameOf('messages');
  const statements = [
    [
      'create unique index sessions_living_handle on ?? (handle) where deleted_at is null',
      sessions,
    ],
    ['create index sessions_handle on ?? (handle)', sessions],
    ['create index sessions_title on ?? (title)', sessions],
    ['create index sessions_updated on ?? (updated_at, id)', sessions],
    ["create index messages_running on ?? (session_id) where status = 'running'", messages],
  ] as const;
  for (const [statement, table] of statements) await tables.query.raw(statement, [table]);
}
