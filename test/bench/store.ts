import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aMessage, aSession } from '../support/samples.ts';
import { openBareSqlite } from './bare-sqlite.ts';
import { longestWaitDuringCleanup, longestWaitDuringPurge } from './cleanup.ts';
import { LONG_SESSION, largeStore } from './large-store.ts';
import { compare, type Measure } from './measure.ts';

const NEWEST = 'select * from messages where session_id = ? order by seq desc limit 100';
const LIST = `select sessions.*,
    (select json_group_array(tag) from session_tags where session_id = sessions.id) as tags
  from sessions where deleted_at is null and archived = 0
  order by updated_at desc, id desc limit 51`;

/** Reading and writing in a store of a million messages, beside the driver by hand. */
export async function benchStore(reuse: boolean): Promise<Measure[]> {
  const path = await largeStore(reuse);
  const measures = await readAndAppend(path);
  return [...measures, ...(await waitDuringCleanup(path))];
}

async function readAndAppend(path: string): Promise<Measure[]> {
  const store = await openSqliteStore({ path });
  const bare = await openBareSqlite(path);
  const { id } = await store.sessions.create(aSession());
  const { id: bareId } = await store.sessions.create(aSession());
  try {
    const text = 'lorem ipsum dolor '.repeat(6);
    const messages = (count: number) => Array.from({ length: count }, () => aMessage(text));
    const ready = messages(2000);
    await store.sessions.append(bareId, [aMessage(text)], null);
    const [row = {}] = await bare.rows('select * from messages where session_id = ?', [bareId]);
    const columns = Object.keys(row).filter((column) => column !== 'row_number');
    const insert = `insert into messages (${columns.join(', ')})
      values (${columns.map(() => '?').join(', ')})`;
    let seq = 1;
    const byHand = async () => {
      seq += 1;
      const changed: typeof row = { ...row, id: newId(), seq, created_at: Date.now() };
      await bare.rows('begin immediate');
      await bare.rows(
        `update sessions set next_seq = next_seq + 1, message_count = message_count + 1,
         turn_count = turn_count + 1, updated_at = ?, preview = ?, preview_text = ?
         where id = ? and deleted_at is null returning next_seq, turn_count`,
        [Date.now(), text, text, bareId],
      );
      await bare.rows(
        insert,
        columns.map((column) => changed[column] ?? null),
      );
      await bare.rows('commit');
    };
    return [
      await compare(
        'append one message, durable (the same SQL by hand)',
        'at most 1.3 times',
        () => store.sessions.append(id, [ready.pop()!], null),
        byHand,
        1500,
      ),
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
    await bare.close();
    // So that the store is what it was.
    await store.sessions.purge([id, bareId]);
    await store.close();
  }
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
