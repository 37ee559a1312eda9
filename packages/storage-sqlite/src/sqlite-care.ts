import type { CheckFinding, TableSize } from '@synapse/core';
import type { Knex } from 'knex';
import { createGiveWay } from './give-way.ts';
import { scrubDatabase } from './scrub-database.ts';

const MAX_FINDINGS = 100;
// A sample of each index is enough to tell a good one from a bad one, and takes no time.
const ANALYZED_ROWS = 1000;

export async function checkSqlite(query: Knex): Promise<CheckFinding[]> {
  return [
    ...(await checkIntegrity(query)),
    ...(await checkForeignKeys(query)),
    ...(await checkSearchIndex(query)),
  ];
}

async function checkIntegrity(query: Knex): Promise<CheckFinding[]> {
  try {
    return await query.transaction(async (snapshot) => {
      // FTS5 remembers the shape of its index, and the check takes it for damage when another process
      // has merged it since. A search reads it anew; within the transaction nobody changes it.
      await snapshot.raw(
        `select rowid from messages_search where messages_search match '"a"' limit 1`,
      );
      const rows = await snapshot.raw<{ integrity_check: string }[]>(
        `pragma integrity_check(${MAX_FINDINGS})`,
      );
      return rows
        .map(({ integrity_check }) => integrity_check)
        .filter((text) => text !== 'ok')
        .map((text) => ({ kind: 'engine', sessionId: null, text: `SQLite: ${text}` }));
    });
  } catch (error) {
    return [{ kind: 'engine', sessionId: null, text: `SQLite: ${(error as Error).message}` }];
  }
}

async function checkForeignKeys(query: Knex): Promise<CheckFinding[]> {
  const rows = await query.raw<{ table: string; rowid: number; parent: string }[]>(
    'pragma foreign_key_check',
  );
  return rows.slice(0, MAX_FINDINGS).map(({ table, rowid, parent }) => ({
    kind: 'reference',
    sessionId: null,
    text: `Row ${rowid} of ${table} refers to a row of ${parent} that is not there.`,
  }));
}

/** Makes the index anew from the messages, in memory, and compares. */
async function checkSearchIndex(query: Knex): Promise<CheckFinding[]> {
  try {
    await query.raw(
      "insert into messages_search (messages_search, rank) values ('integrity-check', 1)",
    );
    return [];
  } catch {
    return [
      { kind: 'search', sessionId: null, text: 'The search index does not fit the messages.' },
    ];
  }
}

export async function sqliteSizes(query: Knex): Promise<TableSize[]> {
  const rows = await query.raw<TableSize[]>(`
    select
      case when d.name like 'messages_search%' then 'search index'
        else coalesce(s.tbl_name, d.name) end as name,
      sum(d.pgsize) as byteSize
    from dbstat d left join sqlite_schema s on s.name = d.name
    where d.aggregate = true
    group by 1`);
  return rows;
}

export async function vacuumSqlite(query: Knex): Promise<void> {
  await query.raw('vacuum');
  await scrubDatabase(query, createGiveWay());
}

export async function analyzeSqlite(query: Knex): Promise<void> {
  await query.raw(`pragma analysis_limit = ${ANALYZED_ROWS}`);
  await query.raw('analyze');
}
