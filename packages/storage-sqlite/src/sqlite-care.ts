import { isDeepStrictEqual } from 'node:util';
import type { CheckFinding } from '@synapse/core';
import type { TableSize } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import { createYielder } from './yield-to-others.ts';
import { scrubDatabase } from './scrub-database.ts';

const MAX_FINDINGS = 100;
// A sample of each index is enough to rate it, and takes almost no time.
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
      // FTS5 remembers the shape of its index, and its check reports damage if another process has
      // merged the index since. A search refreshes that memory; within the transaction nobody
      // changes it.
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
    text: `Row ${rowid} of ${table} refers to a row of ${parent} that does not exist.`,
  }));
}

/**
 * A number for a token at its position; the check compares sums of them. SQLite has no hash, so its
 * length and five of its characters represent a token, which distinguishes nearly all words.
 */
const markOf = (row: string, place: string, token: string) => {
  const characters = ['2', '3', `length(${token}) / 2 + 1`, '-1'].map(
    (at, index) => `ifnull(unicode(substr(${token}, ${at}, 1)), 0) * ${[7, 11, 23, 29][index]}`,
  );
  const word = [`unicode(${token}) * 3`, `length(${token}) * 13`, ...characters].join(' + ');
  return `((${row} * 31 + ${place} * 17) * (${word})) % 1000003`;
};

// The current index, and an index built from the current messages.
const INDEXED = `select count(*) as tokens, sum(${markOf('doc', 'offset', 'term')}) as marks
  from temp.indexed_tokens`;
const SEARCHED = `select count(*) as tokens, sum(${markOf('m.row_number', 'j.key', 'j.value')}) as marks
  from messages m, json_each('["' || replace(m.search_text, ' ', '","') || '"]') j
  where m.search_text <> ''`;

/**
 * Compares every token of the index with those of the messages, at one moment. FTS5's own check
 * would take a fifth of the time, but it is an insert and would block all writers.
 */
async function checkSearchIndex(query: Knex): Promise<CheckFinding[]> {
  const finding: CheckFinding = {
    ...{ kind: 'search', sessionId: null, text: 'The search index does not match the messages.' },
  };
  try {
    return await query.transaction(async (snapshot) => {
      await snapshot.raw('drop table if exists temp.indexed_tokens');
      await snapshot.raw(
        "create virtual table temp.indexed_tokens using fts5vocab('main', 'messages_search', 'instance')",
      );
      const [indexed] = await snapshot.raw<object[]>(INDEXED);
      const [searched] = await snapshot.raw<object[]>(SEARCHED);
      await snapshot.raw('drop table temp.indexed_tokens');
      return isDeepStrictEqual(indexed, searched) ? [] : [finding];
    });
  } catch {
    return [finding];
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
  await scrubDatabase(query, createYielder());
}

export async function analyzeSqlite(query: Knex): Promise<void> {
  await query.raw(`pragma analysis_limit = ${ANALYZED_ROWS}`);
  await query.raw('analyze');
}
