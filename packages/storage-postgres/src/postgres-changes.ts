import type { ChangeDialect } from '@synapse/storage-knex';

/**
 * Transactions commit in another order than that of a sequence, so a reader that remembers the
 * highest number would miss a row that a slower transaction commits with a lower one. The position is
 * therefore the number of the transaction, and a reader stops before the oldest one that is still
 * open and writes to the schema. It gets its number with its first write, after the lock on that
 * table, and keeps the lock until others see its rows.
 */
export function createPostgresChanges(schema: string): ChangeDialect {
  const names = {
    changes: `${schema}.changes`,
    feed: `${schema}.change_feed`,
    sessions: `${schema}.sessions`,
    noteChange: `${schema}.note_session_change`,
  };
  const noteRow = (table: string) => `${schema}.note_${table}`;
  return {
    create: async (query) => {
      for (const statement of CREATE) await query.raw(statement, names);
    },
    drop: async (query) => {
      for (const statement of DROP) await query.raw(statement, names);
    },
    follow: async (query, { table, kind, columns }) => {
      const followed = { ...names, table: `${schema}.${table}`, noteRow: noteRow(table) };
      await query.raw(
        `create function :noteRow:() returns trigger language plpgsql as $$
        begin
          insert into :changes: (kind, session_id, revision, owner, made_at)
            select '${kind}', id, revision, owner,
              (extract(epoch from clock_timestamp()) * 1000)::bigint
            from :sessions: where id = new.session_id;
          return null;
        end $$`,
        followed,
      );
      await query.raw(
        `create trigger ${table}_noted after insert or update of ${columns.join(', ')} on :table:
          for each row execute function :noteRow:()`,
        followed,
      );
    },
    unfollow: async (query, table) => {
      await query.raw('drop function ??() cascade', [noteRow(table)]);
    },
    lastPosition: async (query) => {
      const { rows } = await query.raw<{ rows: { last: number }[] }>(LAST_POSITION, [schema]);
      return rows[0]?.last ?? 0;
    },
    pollMs: 500,
  };
}

// The lock table has only the lower 32 bits of a transaction's number; `age` is the distance from the
// next one.
const LAST_POSITION = `with next as (
    select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as number
  ), writing as (
    select pid from pg_locks
    where locktype = 'relation' and mode = 'RowExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())
      and relation in (select c.oid from pg_class c
        join pg_namespace n on n.oid = c.relnamespace where n.nspname = ?)
  ), open as (
    select (next.number - transactionid::text::bigint) & 4294967295 as age
    from next, pg_locks
    where locktype = 'transactionid' and mode = 'ExclusiveLock' and granted
      and pid in (select pid from writing)
  )
  select next.number - 1
    - coalesce((select max(age) from open where age < 2147483648), 0) as last
  from next`;

const CREATE = [
  `create table :changes: (
    row_number bigint generated always as identity primary key,
    position bigint not null default (pg_current_xact_id()::text::bigint),
    kind text not null,
    session_id text collate "C" not null,
    revision bigint not null,
    owner text,
    made_at bigint not null
  )`,
  'create index changes_position on :changes: (position)',
  'create table :feed: (id integer primary key, pruned_through bigint not null)',
  'insert into :feed: (id, pruned_through) values (1, 0)',
  `create function :noteChange:() returns trigger language plpgsql as $$
  begin
    insert into :changes: (kind, session_id, revision, owner, made_at) values (
      case when tg_op = 'INSERT' then 'session'
        when new.purged = 1 then 'removed'
        when old.purged = 2 then 'session'
        when new.next_seq = old.next_seq and (new.seal is distinct from old.seal
          or new.deleted_at is distinct from old.deleted_at) then 'session'
        else 'messages' end,
      new.id, new.revision, new.owner, (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return null;
  end $$`,
  `create trigger sessions_created after insert on :sessions:
    for each row when (new.purged = 0) execute function :noteChange:()`,
  `create trigger sessions_changed after update of revision, purged on :sessions:
    for each row when (new.purged <> 2 and (new.purged = 0 or old.purged = 0)
      and (new.revision <> old.revision or new.purged <> old.purged))
    execute function :noteChange:()`,
];
const DROP = [
  'drop trigger sessions_changed on :sessions:',
  'drop trigger sessions_created on :sessions:',
  'drop function :noteChange:()',
  'drop table :feed:',
  'drop table :changes:',
];
