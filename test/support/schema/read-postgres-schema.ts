import { openPostgresStore } from '@synapse/storage-postgres';
import pg from 'pg';
import {
  describeIndex,
  describeReference,
  MIGRATIONS,
  type Schema,
  type SchemaColumn,
} from './schema.ts';

const COLUMNS = `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
    a.attnotnull as "isRequired", l.collname as collation, a.attidentity as identity,
    exists (select 1 from pg_index i where i.indrelid = c.oid and i.indisprimary
      and a.attnum = any (i.indkey)) as "isKey",
    (select f.relname from pg_constraint k join pg_class f on f.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as target,
    (select k.confdeltype from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'f' and k.conkey = array[a.attnum]) as "onDelete"
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_collation l on l.oid = a.attcollation and l.collname <> 'default'
  where n.nspname = $1 and c.relkind = 'r' order by c.relname, a.attnum`;
const INDEXES = `select c.relname as "table", i.relname as name, pg_get_indexdef(x.indexrelid) as sql
  from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and not x.indisprimary order by i.relname`;

interface PostgresColumn {
  table: string;
  name: string;
  type: string;
  isRequired: boolean;
  collation: string | null;
  identity: string;
  isKey: boolean;
  target: string | null;
  onDelete: string | null;
}

/** The schema of a new PostgreSQL database, as PostgreSQL sees it. */
export async function readPostgresSchema(url: string): Promise<Schema> {
  const schema = `schema_page_${process.pid}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await (await openPostgresStore({ url, schema, allowForeign: true })).close();
    await client.query(`set search_path to ${schema}`);
    const migrations = await client.query<{ name: string }>(MIGRATIONS);
    const columns = await client.query<PostgresColumn>(COLUMNS, [schema]);
    const indexes = await client.query<{ table: string; name: string; sql: string }>(INDEXES, [
      schema,
    ]);
    return {
      migrations: migrations.rows.map(({ name }) => name),
      tables: [...new Set(columns.rows.map(({ table }) => table))].map((name) => ({
        name,
        columns: columns.rows.filter(({ table }) => table === name).map(toColumn),
        indexes: Object.fromEntries(
          indexes.rows
            .filter(({ table }) => table === name)
            .map((index) => [index.name, describeIndex(index.sql)]),
        ),
      })),
      extras: {},
    };
  } finally {
    await client.query(`drop schema if exists ${schema} cascade`);
    await client.end();
  }
}

function toColumn(column: PostgresColumn): SchemaColumn {
  const { name, type, collation, identity, isRequired, isKey, target, onDelete } = column;
  return {
    name,
    type: `${type}${collation === null ? '' : ` collate "${collation}"`}${identity === '' ? '' : ', identity'}`,
    isNullable: !isRequired,
    isKey,
    refersTo: target && describeReference(target, onDelete === 'c' ? 'cascade' : 'no action'),
  };
}
