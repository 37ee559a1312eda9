import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newId, type NewMessage, type Session, type Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aMessage, anAnswer, aSession } from '../support/samples.ts';
import { openBareSqlite, type BareSqlite } from './bare-sqlite.ts';
import { longestWaitDuringCleanup, longestWaitDuringPurge } from './cleanup.ts';
import { LONG_SESSION, largeStore } from './large-store.ts';
import { compare, type Measure } from './measure.ts';

const NEWEST = 'select * from messages where session_id = ? order by seq desc limit 100';
const LIST = `select sessions.*,
    (select json_group_array(tag) from session_tags where session_id = sessions.id) as tags
  from sessions where deleted_at is null and archived = 0
  order by updated_at desc, id desc limit 51`;

const TEXT = 'lorem ipsum dolor '.repeat(6);
const APPENDS = 1500;
const usage = {
  ...{ inputTokens: 1000, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ reasoningTokens: 0, estimated: false },
};
const price = {
  ...{ inputPerMillion: 1, outputPerMillion: 2 },
  ...{ cacheReadPerMillion: 0.1, cacheWritePerMillion: 1.25 },
};
const cost = { nanoUsd: 1_040_000, price };

/** Reading and writing in a store of a million messages, beside the driver by hand. */
export async function benchStore(reuse: boolean): Promise<Measure[]> {
  const path = await largeStore(reuse);
  const measures = await readAndAppend(path);
  return [...measures, ...(await waitDuringCleanup(path))];
}

async function readAndAppend(path: string): Promise<Measure[]> {
  const store = await openSqliteStore({ path });
  const bare = await openBareSqlite(path);
  const made: Session[] = [];
  const create = async () => {
    const session = await store.sessions.create(aSession());
    made.push(session);
    return session.id;
  };
  const append = async (figure: string, message: () => NewMessage) =>
    compareAppends({ store, bare, ids: [await create(), await create()] }, figure, message);
  try {
    return [
      await append('append one message, durable (the same SQL by hand)', () => aMessage(TEXT)),
      await append('append one answer with its call', () => anAnswer(TEXT, { usage, cost })),
      await compare(
        'load the newest 100 of 100,000 messages',
        'at most 1.5 times, under 5 ms',
        () => store.sessions.messages(LONG_SESSION.id, { limit: 100 }),
        () => bare.rows(NEWEST, [LONG_SESSION.id]),
        200,
      ),
      await compare(
        'list 50 of 100,000 sessions',
        'at most 1.5 times, under 10 ms',
        () => store.sessions.list({ limit: 50 }),
        () => bare.rows(LIST),
        200,
      ),
    ];
  } finally {
    // So that the store is what it was.
    for (const { id } of made) {
      await store.sessions.purge([id]);
      await bare.rows('delete from ledger where session_id = ?', [id]);
    }
    await bare.close();
    await store.close();
  }
}

interface AppendPlace {
  readonly store: Store;
  readonly bare: BareSqlite;
  /** Of the session of the store, and of the one that is written by hand. */
  readonly ids: readonly [string, string];
}

/** One by one, beside the rows that this makes, inserted by hand. */
async function compareAppends(
  { store, bare, ids: [id, bareId] }: AppendPlace,
  figure: string,
  make: () => NewMessage,
): Promise<Measure> {
  const ready = Array.from({ length: APPENDS + 500 }, make);
  await store.sessions.append(bareId, [make()], null);
  const rowsOf = (table: string) =>
    bare.rows(`select * from ${table} where session_id = ?`, [bareId]);
  const made = { messages: await rowsOf('messages'), ledger: await rowsOf('ledger') };
  let seq = 1;
  const insert = (table: keyof typeof made, changes: Record<string, string | number>) => {
    const [row] = made[table];
    if (!row) return undefined;
    const changed = { ...row, ...changes };
    const columns = Object.keys(row).filter((column) => column !== 'row_number');
    return bare.rows(
      `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => changed[column] ?? null),
    );
  };
  const byHand = async () => {
    seq += 1;
    const now = Date.now();
    await bare.rows('begin immediate');
    await bare.rows(
      `update sessions set next_seq = next_seq + 1, message_count = message_count + 1,
       turn_count = turn_count + 1, counts_sum = counts_sum + 2, updated_at = ?,
       updated_check = ?, preview = ?, preview_text = ?, preview_seal = null
       where id = ? and deleted_at is null returning next_seq, turn_count`,
      [now, now, TEXT, TEXT, bareId],
    );
    const made = { id: newId(), created_at: now };
    await insert('messages', { ...made, seq });
    await insert('ledger', made);
    await bare.rows('commit');
  };
  return compare(
    figure,
    'at most 1.3 times',
    () => store.sessions.append(id, [ready.pop()!], null),
    byHand,
    APPENDS,
  );
}

async function waitDuringCleanup(path: string): Promise<Measure[]> {
  const copy = `${path}-cleanup`;
  copyFileSync(path, copy);
  const store = await openSqliteStore({ path: copy });
  try {
    const writer = [join(process.cwd(), 'test/bench/waiting-writer.mjs'), copy] as const;
    return [
      await longestWaitDuringCleanup(store, '', writer),
      await longestWaitDuringPurge(store, '', writer),
    ];
  } finally {
    await store.close();
    for (const suffix of ['', '-wal', '-shm', '-migrate']) rmSync(copy + suffix, { force: true });
  }
}
