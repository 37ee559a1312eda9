import type { ChangeDialect } from '@synapse/storage-knex';

const COLUMNS = '(position, kind, session_id, revision, owner, made_at)';
// Higher than all earlier ones, also after the newest rows were pruned.
const POSITION =
  'coalesce((select max(position) from changes), (select pruned_through from change_feed)) + 1';
const NOW = "cast(unixepoch('subsec') * 1000 as integer)";
const OF_SESSION = `new.id, new.revision, new.owner, ${NOW}`;

const CREATE = [
  `create table changes (
    row_number integer primary key,
    position bigint not null,
    kind text not null,
    session_id text not null,
    revision bigint not null,
    owner text,
    made_at bigint not null
  )`,
  'create index changes_position on changes (position)',
  'create table change_feed (id integer primary key, pruned_through bigint not null)',
  'insert into change_feed (id, pruned_through) values (1, 0)',
  `create trigger sessions_created after insert on sessions when new.purged = 0 begin
    insert into changes ${COLUMNS} values (${POSITION}, 'session', ${OF_SESSION});
  end`,
  `create trigger sessions_changed after update of revision, purged on sessions
    when new.purged <> 2 and (new.purged = 0 or old.purged = 0)
      and (new.revision <> old.revision or new.purged <> old.purged) begin
    insert into changes ${COLUMNS} values (
      ${POSITION},
      case when new.purged = 1 then 'removed'
        when old.purged = 2 then 'session'
        when new.next_seq = old.next_seq
          and (new.seal is not old.seal or new.deleted_at is not old.deleted_at) then 'session'
        else 'messages' end,
      ${OF_SESSION});
  end`,
];
const DROP = [
  'drop trigger sessions_changed',
  'drop trigger sessions_created',
  'drop table change_feed',
  'drop table changes',
];

export const sqliteChanges: ChangeDialect = {
  create: async (query) => {
    for (const statement of CREATE) await query.raw(statement);
  },
  drop: async (query) => {
    for (const statement of DROP) await query.raw(statement);
  },
  follow: async (query, { table, kind, columns }) => {
    for (const event of ['insert', `update of ${columns.join(', ')}`]) {
      await query.raw(`create trigger ${table}_${event.slice(0, 6)} after ${event} on ${table} begin
        insert into changes ${COLUMNS}
          select ${POSITION}, '${kind}', id, revision, owner, ${NOW}
          from sessions where id = new.session_id;
      end`);
    }
  },
  unfollow: async (query, table) => {
    for (const event of ['insert', 'update']) await query.raw(`drop trigger ${table}_${event}`);
  },
  // SQLite has one writer at a time, so rows appear in their order.
  lastPosition: async (query) => {
    const rows = await query.raw<{ last: number | null }[]>(
      'select max(position) as last from changes',
    );
    return rows[0]?.last ?? 0;
  },
  pollMs: 250,
};
