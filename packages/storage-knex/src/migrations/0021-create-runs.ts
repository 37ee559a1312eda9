import type { Knex } from 'knex';
import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

/** Runs with their events, and the questions whether a tool call may run. */
export const createRuns: Migration = {
  name: '0021-create-runs',

  async up(tables) {
    const { key } = tables.dialect.columnTypes;
    await tables.newSchema().createTable('runs', (table) => {
      table.specificType('id', key).notNullable().primary();
      belongsTo(tables, table, 'session_id', 'sessions');
      table.text('instance_id').notNullable();
      table.text('request_hash').notNullable();
      table.bigInteger('started_at').notNullable();
      table.text('outcome');
      table.bigInteger('ended_at');
      table.integer('cancel_requested').notNullable();
      table.bigInteger('position').notNullable();
      table.index(['session_id', 'started_at'], 'runs_session');
    });
    await tables.query.raw(
      'create unique index runs_active on ?? (session_id) where outcome is null',
      [tables.nameOf('runs')],
    );
    await tables.newSchema().createTable('run_events', (table) => {
      belongsTo(tables, table, 'run_id', 'runs');
      table.bigInteger('position').notNullable();
      table.text('type').notNullable();
      table.text('data').notNullable();
      table.primary(['run_id', 'position']);
    });
    await tables.newSchema().createTable('approvals', (table) => {
      table.specificType('id', key).notNullable().primary();
      belongsTo(tables, table, 'session_id', 'sessions');
      table.text('run_id');
      table.text('call_id').notNullable();
      table.text('question').notNullable();
      table.bigInteger('opened_at').notNullable();
      table.bigInteger('expires_at').notNullable();
      table.text('state').notNullable();
      table.text('answer');
      table.text('decided_by');
      table.bigInteger('closed_at');
      table.index(['session_id'], 'approvals_session');
    });
    await tables.query.raw(
      "create index approvals_pending on ?? (opened_at, id) where state = 'pending'",
      [tables.nameOf('approvals')],
    );
    const { changes } = tables.dialect;
    const columns = ['outcome', 'cancel_requested'];
    await changes.follow(tables.query, { table: 'runs', kind: 'run', columns });
    await changes.follow(tables.query, {
      ...{ table: 'approvals', kind: 'approval', columns: ['state'] },
    });
  },

  async down(tables) {
    for (const table of ['approvals', 'runs'] as const) {
      await tables.dialect.changes.unfollow(tables.query, table);
    }
    for (const name of ['approvals', 'run_events', 'runs']) {
      await tables.newSchema().dropTable(name);
    }
  },
};

function belongsTo(
  tables: Tables,
  table: Knex.CreateTableBuilder,
  column: string,
  owner: string,
): void {
  table.specificType(column, tables.dialect.columnTypes.key).notNullable();
  table.foreign(column).references('id').inTable(tables.nameOf(owner)).onDelete('CASCADE');
}
