import type { Knex } from 'knex';
import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

const CALL_COLUMNS = `status, provider, model, input_tokens, output_tokens, cache_read_tokens,
  cache_write_tokens, reasoning_tokens, usage_estimated, cost_nano_usd, price, latency_ms,
  time_to_first_token_ms, finish_reason, created_at`;
/** The columns that a fork copies unchanged, including the place in the session. */
const COPIED_COLUMNS = `m.seq, m.turn, m.role, m.content_sha256, m.created_at, m.provider, m.model,
  m.input_tokens, m.output_tokens, m.usage_estimated, m.cost_nano_usd, m.latency_ms,
  m.time_to_first_token_ms`;
const IS_CALL =
  "(role = 'assistant' or (role in ('context', 'title') and usage_estimated is not null))";

/** Before, the cost was the sum over the messages: removing messages reduced it, and a fork doubled it. */
export const createLedger: Migration = {
  name: '0009-create-ledger',

  async up(tables) {
    const { query } = tables;
    await createTable(tables);
    const names = { messages: tables.nameOf('messages'), sessions: tables.nameOf('sessions') };
    const ledger = tables.nameOf('ledger');
    await query.raw('alter table :messages: add column copy_of text', names);
    await markCopies(query, names);
    await query.raw(
      `insert into :ledger: (id, session_id, kind, origin, ${CALL_COLUMNS})
       select id, session_id,
         case role when 'assistant' then 'answer' when 'title' then 'title' else 'summary' end,
         null, ${CALL_COLUMNS}
       from :messages: where copy_of is null and ${IS_CALL}
         and session_id not in (select id from :sessions: where purged = 2)`,
      { ...names, ledger },
    );
    await query.raw('create index ledger_created on :ledger: (created_at)', { ledger });
    await query.raw('create index ledger_session on :ledger: (session_id)', { ledger });
    const isUnpriced = "price is null and (usage_estimated is not null or status = 'complete')";
    await sumAgain(query, names.sessions, ledger, isUnpriced);
  },

  async down(tables) {
    const { query } = tables;
    const names = { messages: tables.nameOf('messages'), sessions: tables.nameOf('sessions') };
    await sumAgain(query, names.sessions, names.messages, `price is null and ${IS_CALL}`);
    await tables.newSchema().dropTable('ledger');
    await query.raw('alter table :messages: drop column copy_of', names);
  },
};

/** Without a foreign key, so that the cost stays known when the session is gone. */
async function createTable(tables: Tables): Promise<void> {
  const { key } = tables.dialect.columnTypes;
  await tables.newSchema().createTable('ledger', (table) => {
    table.specificType('id', key).notNullable().primary();
    table.specificType('session_id', key).notNullable();
    table.text('kind').notNullable();
    table.text('origin');
    table.text('status').notNullable();
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
    table.bigInteger('created_at').notNullable();
  });
}

/**
 * A fork has the messages of its source except for their ids. Of equal messages at the same
 * position and time, the original is the one in a session that is not a fork, or the oldest one if
 * that session is gone. So forks of purged sessions, and forks of forks, count once.
 */
async function markCopies(query: Knex, names: Record<string, string>): Promise<void> {
  await query.raw(
    `with forks as (
       select id from :sessions: where forked_from_session is not null
     ), alike as (
       select m.id, f.id as fork_id, first_value(m.id) over (
         partition by ${COPIED_COLUMNS}
         order by case when f.id is null then 0 else 1 end, m.id
       ) as original_id
       from :messages: m left join forks f on f.id = m.session_id
       where exists (select 1 from forks)
     )
     update :messages: set copy_of = alike.original_id from alike
     where alike.id = :messages:.id and alike.fork_id is not null and alike.original_id <> alike.id`,
    names,
  );
}

async function sumAgain(
  query: Knex,
  sessions: string,
  source: string,
  isUnpriced: string,
): Promise<void> {
  const sumOf = (value: string) =>
    `cast(coalesce((select sum(${value}) from :source: s where s.session_id = :sessions:.id), 0) as bigint)`;
  await query.raw(
    `update :sessions: set
       input_tokens = ${sumOf('s.input_tokens')},
       output_tokens = ${sumOf('s.output_tokens')},
       cost_nano_usd = ${sumOf('s.cost_nano_usd')},
       unpriced_count = ${sumOf(`case when ${isUnpriced} then 1 else 0 end`)}`,
    { sessions, source },
  );
}
