import type { Migration } from './migration.ts';

export const createRetentionMemo: Migration = {
  name: '0003-create-retention-memo',

  async up(tables) {
    await tables.newSchema().createTable('retention_memo', (table) => {
      table.integer('id').notNullable().primary();
      table.bigInteger('last_run_at');
      table.bigInteger('held_since');
      table.bigInteger('last_hint_at');
      table.text('claim_token');
      table.bigInteger('claim_expires_at');
    });
    await tables.from('retention_memo').insert({ id: 1 });
    // Leaves out sessions outside the trash: SQLite would use this index to list them, and sort
    // them every time.
    await tables.query.raw(
      'create index sessions_deleted on ?? (deleted_at) where deleted_at is not null',
      [tables.nameOf('sessions')],
    );
    await tables.query.raw('create index audit_session on ?? (session_id)', [
      tables.nameOf('audit'),
    ]);
  },

  async down(tables) {
    await tables.query.raw('drop index ??', [tables.nameOf('audit_session')]);
    await tables.query.raw('drop index ??', [tables.nameOf('sessions_deleted')]);
    await tables.newSchema().dropTable('retention_memo');
  },
};
