import type { TableSize } from '@synapse/core/store-kit';
import type { Knex } from 'knex';

const TABLES = `select c.oid, c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = ? and c.relkind = 'r'`;

export async function postgresSizes(query: Knex, schema: string): Promise<TableSize[]> {
  const { rows } = await query.raw<{ rows: (TableSize & { searchSize: number })[] }>(
    `select name, pg_total_relation_size(oid) as "byteSize",
      (select coalesce(sum(pg_relation_size(indexrelid)), 0)::bigint from pg_index
        join pg_class i on i.oid = indexrelid
        where indrelid = t.oid and i.relname = 'messages_search') as "searchSize"
     from (${TABLES}) t`,
    [schema],
  );
  return rows
    .map(({ name, byteSize, searchSize }) => ({ name, byteSize: byteSize - searchSize }))
    .concat({
      name: 'search index',
      byteSize: rows.reduce((sum, { searchSize }) => sum + searchSize, 0),
    });
}

export async function vacuumPostgres(query: Knex, schema: string): Promise<void> {
  for (const name of await tableNames(query, schema)) {
    await query.raw('vacuum (analyze) ??', [`${schema}.${name}`]);
  }
}

export async function analyzePostgres(query: Knex, schema: string): Promise<void> {
  for (const name of await tableNames(query, schema)) {
    await query.raw('analyze ??', [`${schema}.${name}`]);
  }
}

async function tableNames(query: Knex, schema: string): Promise<string[]> {
  const { rows } = await query.raw<{ rows: { name: string }[] }>(TABLES, [schema]);
  return rows.map(({ name }) => name);
}
