import { openPostgresStore } from '@synapse/storage-postgres';
import { aSession, anAnswer } from '../support/samples.ts';
import { openBarePostgres, type BarePostgres } from './bare-postgres.ts';
import {
  countOfRow,
  idOf,
  LONG_SESSION,
  MESSAGES,
  roleOfRow,
  SESSIONS,
  sessionOfRow,
  WORDS,
  wordsOfRow,
} from './large-store.ts';

export const SCHEMA = 'bench';

/** What `largeStore` makes, on PostgreSQL: a million messages in a hundred thousand sessions. */
export async function fillPostgres(url: string): Promise<void> {
  const store = await openPostgresStore({ url, schema: SCHEMA, allowForeign: true });
  const { id } = await store.sessions.create(aSession({ title: 'Title', provider: 'demo' }));
  await store.sessions.append(id, [anAnswer('text')], null);
  const bare = await openBarePostgres(url);
  await bare.rows(`set search_path to ${SCHEMA}`);
  await bare.rows("set maintenance_work_mem to '512MB'");
  await bare.rows('set synchronous_commit to off');
  const [index = {}] = await bare.rows(
    "select pg_get_indexdef('messages_search'::regclass) as definition",
  );
  // To make it at once takes a tenth of the time.
  await bare.rows('drop index messages_search');
  await copySessions(bare, id);
  await copyMessages(bare, id);
  await bare.rows(String(index.definition));
  await bare.close();
  await store.sessions.purge([id]);
  await store.maintenance.vacuum();
  await store.close();
}

function copySessions(bare: BarePostgres, id: string) {
  return copyRows(bare, 'sessions', 'id', id, SESSIONS, {
    id: `'${idOf('s', 0).slice(0, -8)}' || lpad(i::text, 8, '0')`,
    title: "'Title ' || i",
    list_text: "chr(10) || 'title ' || i || chr(10)",
    created_at: '1700000000000 + i * 1000::bigint',
    updated_at: `1700000000000 + case when i = 0 then ${SESSIONS} else i end * 1000::bigint`,
    message_count: countOfRow,
    counts_sum: `${countOfRow} + t.turn_count`,
    updated_check: 'null',
    seal: 'null',
    next_seq: `${LONG_SESSION.messages + 1}`,
  });
}

function copyMessages(bare: BarePostgres, id: string) {
  const text = wordsOfRow(`'word' || floor(random() * ${WORDS})::integer`);
  return copyRows(
    bare,
    'messages',
    'session_id',
    id,
    MESSAGES,
    {
      id: `'${idOf('m', 0).slice(0, -8)}' || lpad(i::text, 8, '0')`,
      session_id: `'${idOf('s', 0).slice(0, -8)}' || lpad((${sessionOfRow})::text, 8, '0')`,
      seq: 'i + 1',
      role: roleOfRow,
      parts: `'[{"type":"text","text":"' || said || '"}]'`,
      search_text: 'said',
      created_at: '1700000000000 + i * 1000::bigint',
    },
    `(select i, ${text} as said from generate_series(0, ${MESSAGES - 1}) i)`,
  );
}

async function copyRows(
  bare: BarePostgres,
  table: string,
  key: string,
  id: string,
  count: number,
  changes: Record<string, string>,
  source = `(select i from generate_series(0, ${count - 1}) i)`,
): Promise<void> {
  const [row = {}] = await bare.rows(`select * from ${table} where ${key} = $1`, [id]);
  const columns = Object.keys(row).filter((column) => column !== 'row_number');
  await bare.rows(
    `insert into ${table} (${columns.join(', ')})
     select ${columns.map((column) => changes[column] ?? `t.${column}`).join(', ')}
     from ${source} n cross join (select * from ${table} where ${key} = '${id}') t
     order by i`,
  );
}
