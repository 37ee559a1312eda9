import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { openBareSqlite, type BareSqlite } from '../../bench/bare-sqlite.ts';
import {
  describeIndex,
  describeReference,
  MIGRATIONS,
  oneLine,
  type Schema,
  type SchemaTable,
} from './schema.ts';

/** The schema of a new SQLite database, as SQLite sees it. */
export async function readSqliteSchema(): Promise<Schema> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-schema-'));
  const path = join(folder, 'synapse.db');
  try {
    await (await openSqliteStore({ path })).close();
    const database = await openBareSqlite(path);
    try {
      return await readSqlite(database);
    } finally {
      await database.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readSqlite(database: BareSqlite): Promise<Schema> {
  const migrations = await database.rows(MIGRATIONS);
  const names = await database.rows(
    `select name from pragma_table_list where schema = 'main' and type = 'table'
      and name not like 'sqlite_%' order by name`,
  );
  const tables: SchemaTable[] = [];
  for (const { name } of names) {
    const columns = await database.rows(
      `select c.name, c.type, c."notnull" as isRequired, c.pk, k."table" as target, k.on_delete as onDelete
        from pragma_table_info(?1) c left join pragma_foreign_key_list(?1) k on k."from" = c.name
        order by c.cid`,
      [name!],
    );
    const indexes = await database.rows(
      "select name, sql from sqlite_schema where type = 'index' and tbl_name = ? and sql is not null order by name",
      [name!],
    );
    tables.push({
      name: String(name),
      columns: columns.map((column) => ({
        name: String(column.name),
        type: String(column.type).toLowerCase(),
        isNullable: column.isRequired === 0 && column.pk === 0,
        isKey: column.pk !== 0,
        refersTo:
          column.target === null ? null : describeReference(column.target!, column.onDelete!),
      })),
      indexes: Object.fromEntries(
        indexes.map((index) => [String(index.name), describeIndex(String(index.sql))]),
      ),
    });
  }
  const extras = await database.rows(
    `select name, sql from sqlite_schema where type = 'trigger' or sql like 'create virtual table%'
      order by type desc, name`,
  );
  return {
    migrations: migrations.map(({ name }) => String(name)),
    tables,
    extras: Object.fromEntries(extras.map(({ name, sql }) => [String(name), oneLine(String(sql))])),
  };
}
