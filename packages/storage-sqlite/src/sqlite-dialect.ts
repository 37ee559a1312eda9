import type { SqlDialect } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import type { Database } from 'sqlite3';
import { APPLICATION_ID } from './configure-connection.ts';
import type { DatabaseFile } from './database-file.ts';
import { createYielder } from './yield-to-others.ts';
import { preparedRunnerOn } from './prepared-statements.ts';
import { scrubDatabase } from './scrub-database.ts';
import { analyzeSqlite, checkSqlite, sqliteSizes, vacuumSqlite } from './sqlite-care.ts';
import { createSqliteFileBackup } from './sqlite-file-backup.ts';
import { sqliteChanges } from './sqlite-changes.ts';
import { sqliteSearch } from './sqlite-search.ts';
import { toStorageError } from './to-storage-error.ts';

// Virtual tables have no page of their own, and are slow to inspect.
const COLUMNS = `select t.name || '.' || c.name as name
  from sqlite_schema t cross join pragma_table_info(t.name) c
  where t.type = 'table' and t.rootpage > 0`;

async function readNumber(query: Knex, sql: string): Promise<number> {
  const rows = await query.raw<Record<string, number>[]>(sql);
  return Object.values(rows[0] ?? {})[0] ?? 0;
}

export function createSqliteDialect(
  path: string,
  file: DatabaseFile | undefined,
  onFailure: (error: unknown) => void,
): SqlDialect {
  const yieldToOthers = createYielder();
  return {
    engine: 'sqlite',
    schemaName: undefined,
    columnTypes: { key: 'text', rowNumber: 'integer primary key' },
    clock: "cast(unixepoch('subsec') * 1000 as integer)",
    positionFunction: 'instr',
    jsonArrayFunction: 'json_group_array',
    // One JSON text is faster, because the driver passes each of a message's 21 values separately.
    jsonObjectFunction: 'json_object',
    joinedRows: {
      ...{ arrayFunction: 'json_array', byteLengthFunction: 'octet_length' },
      toJsonArray: (column, condition = 'true') =>
        `'[' || group_concat(${column}, char(44, 10)) filter (where ${condition}) || ']'`,
    },
    // Within JSON, SQLite writes only 15 digits.
    fractionInJson: (column) => `case when ${column} is null then null
      when ${column} = cast(${column} as integer) then cast(${column} as integer)
      else printf('%!.17g', ${column}) end`,
    insertsWhatUpdatesReturn: false,
    search: sqliteSearch,
    changes: sqliteChanges,
    checksPages: false,

    readSchemaVersion: (query) => readNumber(query, 'pragma user_version'),
    readColumns: async (query) => {
      const rows = await query.raw<{ name: string }[]>(COLUMNS);
      return rows.map(({ name }) => name);
    },
    // The first write of the transaction takes SQLite's lock; this write changes no data.
    lockForMigration: async (transaction) => {
      await transaction.raw(`pragma application_id = ${APPLICATION_ID}`);
    },
    noteSchemaVersion: async (transaction, version) => {
      await transaction.raw(`pragma user_version = ${version}`);
    },

    runnerOn: (connection) => preparedRunnerOn(connection as Database),
    confirmCommit: () => file?.check(),
    yieldToOthers,
    scrub: (query) => scrubDatabase(query, yieldToOthers),
    checkEngine: checkSqlite,
    sizes: sqliteSizes,
    vacuum: vacuumSqlite,
    analyze: analyzeSqlite,
    fileBackup: path === ':memory:' ? null : createSqliteFileBackup(path),

    engineVersion: async (query) => {
      const rows = await query.raw<{ version: string }[]>('select sqlite_version() as version');
      return rows[0]?.version ?? '';
    },
    byteSize: (query) =>
      readNumber(query, 'select page_count * page_size from pragma_page_count, pragma_page_size'),

    duplicateKey: (error) => {
      const { code, message } = error as { code?: unknown; message?: unknown };
      const isDuplicate = code === 'SQLITE_CONSTRAINT' && typeof message === 'string';
      return isDuplicate ? /UNIQUE constraint failed: (.*)/.exec(message)?.[1] : undefined;
    },
    // SQLite has already waited before it reports that it is busy.
    isTransient: () => false,
    toStorageError: (error) => toStorageError(error, path),
    onFailure,
  };
}
