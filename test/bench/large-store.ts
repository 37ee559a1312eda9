import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { sealMessage, type MessageRow } from '@synapse/storage-knex';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aSession, anAnswer } from '../support/samples.ts';
import { openBareSqlite, type BareSqlite } from './bare-sqlite.ts';

export const SESSIONS = 100_000;
export const MESSAGES = 1_000_000;
/** Has this many messages; the others have about nine each. */
export const LONG_SESSION = { id: idOf('s', 0), messages: 100_000 };

export const WORDS = 20_000;
const WORDS_EACH = 12;
const SEALED_AT_ONCE = 1000;

/** A million messages in a hundred thousand sessions, made once and kept where `reuse` asks for it. */
export async function largeStore(reuse: boolean): Promise<string> {
  const folder = join(tmpdir(), `synapse-bench-${basename(process.cwd())}`);
  const path = join(folder, 'large.db');
  if (reuse && existsSync(path)) return path;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  const store = await openSqliteStore({ path });
  const { id } = await store.sessions.create(aSession({ title: 'Title', provider: 'demo' }));
  await store.sessions.append(id, [anAnswer('text')], null);
  await store.close();

  const bare = await openBareSqlite(path);
  await bare.rows('pragma synchronous = off');
  await copySessions(bare, id);
  await copyMessages(bare, id);
  await sealLongSession(bare);
  await bare.rows('pragma wal_checkpoint(truncate)');
  await bare.close();
  const made = await openSqliteStore({ path });
  await made.sessions.purge([id]);
  // A change seals the session; no more are listed.
  for (const session of (await made.sessions.list({ limit: 60 })).items) {
    await made.sessions.update(session.id, { pinned: false });
  }
  await made.maintenance.analyze();
  await made.close();
  return path;
}

export function idOf(kind: 's' | 'm', index: number): string {
  return `${kind === 's' ? '01900000' : '01910000'}-0000-7000-8000-0000${String(index).padStart(8, '0')}`;
}

/** What both engines make of row `i`, in SQL: the number of its session, its role, and its words. */
export const sessionOfRow = `case when i < ${LONG_SESSION.messages} then 0 else 1 + i % ${SESSIONS - 1} end`;
export const countOfRow = `case when i = 0 then ${LONG_SESSION.messages} else 9 end`;
export const roleOfRow = "case when i % 2 = 0 then 'user' else 'assistant' end";
export function wordsOfRow(word: string): string {
  const words = Array.from({ length: WORDS_EACH }, () => word);
  return [`case when i % 10 = 0 then 'fox' else 'hen' end`, ...words].join(" || ' ' || ");
}

// The long one is the newest, so that no cleanup takes it.
const updatedOfRow = `1700000000000 + case when i = 0 then ${SESSIONS} else i end * 1000`;

/** Rows like those that the store has made itself, all different. */
function copySessions(bare: BareSqlite, id: string) {
  return copyRows(bare, 'sessions', 'id', id, SESSIONS, {
    id: `'${idOf('s', 0).slice(0, -8)}' || printf('%08d', i)`,
    title: "'Title ' || i",
    list_text: "char(10) || 'title ' || i || char(10)",
    created_at: '1700000000000 + i * 1000',
    updated_at: updatedOfRow,
    updated_check: updatedOfRow,
    message_count: countOfRow,
    counts_sum: `${countOfRow} + t.turn_count`,
    seal: 'null',
    next_seq: `${LONG_SESSION.messages + 1}`,
  });
}

function copyMessages(bare: BareSqlite, id: string) {
  const text = wordsOfRow(`'word' || abs(random() % ${WORDS})`);
  return copyRows(
    bare,
    'messages',
    'session_id',
    id,
    MESSAGES,
    {
      row_number: 'i + 10',
      id: `'${idOf('m', 0).slice(0, -8)}' || printf('%08d', i)`,
      session_id: `'${idOf('s', 0).slice(0, -8)}' || printf('%08d', ${sessionOfRow})`,
      seq: 'i + 1',
      role: roleOfRow,
      parts: `'[{"type":"text","text":"' || said || '"}]'`,
      search_text: 'said',
      created_at: '1700000000000 + i * 1000',
    },
    `, said as materialized (select i, ${text} as said from n)`,
  );
}

/** What is read of the others is not looked into. */
async function sealLongSession(bare: BareSqlite): Promise<void> {
  const { id, messages } = LONG_SESSION;
  for (let seq = 1; seq <= messages; seq += SEALED_AT_ONCE) {
    const rows = (await bare.rows(
      'select * from messages where session_id = ? and seq between ? and ?',
      [id, seq, seq + SEALED_AT_ONCE - 1],
    )) as unknown as MessageRow[];
    await bare.rows('begin');
    for (const row of rows) {
      await bare.rows('update messages set content_sha256 = ? where id = ?', [
        sealMessage(row),
        row.id,
      ]);
    }
    await bare.rows('commit');
  }
}

async function copyRows(
  bare: BareSqlite,
  table: string,
  key: string,
  id: string,
  count: number,
  changes: Record<string, string>,
  more = '',
): Promise<void> {
  const [row = {}] = await bare.rows(`select * from ${table} where ${key} = ?`, [id]);
  const columns = Object.keys(row);
  await bare.rows(
    `with recursive n (i) as (select 0 union all select i + 1 from n where i < ${count - 1})${more}
     insert into ${table} (${columns.join(', ')})
     select ${columns.map((column) => changes[column] ?? `t.${column}`).join(', ')}
     from ${more === '' ? 'n' : 'said'} join ${table} t on t.${key} = '${id}'`,
  );
}
