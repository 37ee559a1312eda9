import { join } from 'node:path';
import { newId, type Store } from '@synapse/core';
import { openPostgresStore } from '@synapse/storage-postgres';
import { aMessage, aSession } from '../support/samples.ts';
import { openBarePostgres, type BarePostgres } from './bare-postgres.ts';
import { longestWaitDuringCleanup, longestWaitDuringPurge } from './cleanup.ts';
import { fillPostgres, SCHEMA } from './large-postgres.ts';
import { LONG_SESSION } from './large-store.ts';
import { compare, type Measure } from './measure.ts';
import { searchMeasures } from './search.ts';

const NEWEST = 'select * from messages where session_id = $1 order by seq desc limit 100';
const LIST = `select sessions.*,
    (select json_agg(tag) from session_tags where session_id = sessions.id) as tags
  from sessions where deleted_at is null and archived = 0
  order by updated_at desc, id desc limit 51`;

/** What `store` and `search` measure on SQLite, on a PostgreSQL of a million messages, beside pg by hand. */
export async function benchPostgres(_reuse: boolean, url: string): Promise<Measure[]> {
  await fillPostgres(url);
  const store = await openPostgresStore({ url, schema: SCHEMA, allowForeign: false });
  const bare = await openBarePostgres(url);
  try {
    await bare.rows(`set search_path to ${SCHEMA}`);
    const script = join(process.cwd(), 'test/bench/waiting-postgres-writer.mjs');
    const writing = (id: string) => [script, url, SCHEMA, id] as const;
    const { id: otherId } = await store.sessions.create(aSession({ pinned: true }));
    return [
      ...(await readAndAppend(store, bare)),
      ...(await searchMeasures(store, 'PostgreSQL: ')),
      await longestWaitDuringCleanup(store, 'PostgreSQL: ', writing(LONG_SESSION.id)),
      await longestWaitDuringPurge(store, 'PostgreSQL: ', writing(otherId)),
    ];
  } finally {
    await bare.close();
    await store.close();
  }
}

async function readAndAppend(store: Store, bare: BarePostgres): Promise<Measure[]> {
  const { id } = await store.sessions.create(aSession());
  const { id: bareId } = await store.sessions.create(aSession());
  const text = 'lorem ipsum dolor '.repeat(6);
  const ready = Array.from({ length: 2000 }, () => aMessage(text));
  await store.sessions.append(bareId, [aMessage(text)], null);
  const byHand = await appendByHand(bare, bareId, text);
  const measures = [
    await compare(
      'PostgreSQL: append one message, durable (the same SQL by hand)',
      'at most 1.3 times',
      () => store.sessions.append(id, [ready.pop()!], null),
      byHand,
      1500,
    ),
    await compare(
      'PostgreSQL: load the newest 100 of 100,000 messages',
      'at most 1.5 times, under 5 ms',
      () => store.sessions.messages(LONG_SESSION.id, { limit: 100 }),
      () => bare.rows(NEWEST, [LONG_SESSION.id]),
      200,
    ),
    await compare(
      'PostgreSQL: list 50 of 100,000 sessions',
      'at most 1.5 times, under 10 ms',
      () => store.sessions.list({ limit: 50 }),
      () => bare.rows(LIST),
      200,
    ),
  ];
  await store.sessions.purge([id, bareId]);
  return measures;
}

async function appendByHand(bare: BarePostgres, id: string, text: string) {
  const [row = {}] = await bare.rows('select * from messages where session_id = $1', [id]);
  const columns = Object.keys(row).filter((column) => column !== 'row_number');
  const insert = `insert into messages (${columns.join(', ')})
    values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`;
  let seq = 1;
  return async () => {
    seq += 1;
    const changed: typeof row = { ...row, id: newId(), seq, created_at: Date.now() };
    await bare.rows('begin');
    await bare.rows(
      `update sessions set next_seq = next_seq + 1, message_count = message_count + 1,
       turn_count = turn_count + 1, updated_at = $1, preview = $2, preview_text = $3
       where id = $4 and deleted_at is null returning next_seq, turn_count`,
      [Date.now(), text, text, id],
    );
    await bare.rows(
      insert,
      columns.map((column) => changed[column]),
    );
    await bare.rows('commit');
  };
}
