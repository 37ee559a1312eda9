import { knexRunnerOn, type SqlDialect } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import { analyzePostgres, postgresSizes, vacuumPostgres } from './postgres-care.ts';
import { explainError } from './explain-error.ts';
import { createPostgresChanges } from './postgres-changes.ts';
import { createPostgresSearch } from './postgres-search.ts';
import { isTransient, sqlStateOf } from './sqlstate.ts';

const NO_TABLE = '42P01';
const NO_SCHEMA = '3F000';
const DUPLICATE = '23505';

const COLUMNS = `select c.relname || '.' || a.attname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where n.nspname = ? and c.relkind = 'r'`;

async function readOne<T>(
  query: Knex,
  sql: string,
  bindings: string[] = [],
): Promise<T | undefined> {
  const { rows } = await query.raw<{ rows: T[] }>(sql, bindings);
  return rows[0];
}

export function createPostgresDialect(
  schema: string,
  location: string,
  /** For work during which the server may send no data for hours. */
  patiently: (work: () => Promise<void>) => Promise<void>,
): SqlDialect {
  let checksPages = false;
  const readSchemaVersion = async (query: Knex): Promise<number> => {
    try {
      const sql = `select max(version) as version,
        current_setting('data_checksums') as checksums from ??`;
      interface Row {
        version: number | null;
        checksums: string;
      }
      const row = await readOne<Row>(query, sql, [`${schema}.schema_migrations`]);
      checksPages = row?.checksums === 'on';
      return row?.version ?? 0;
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === NO_TABLE || state === NO_SCHEMA) return 0;
      throw error;
    }
  };
  return {
    engine: 'postgres',
    schemaName: schema,
    columnTypes: {
      key: 'text collate "C"',
      rowNumber: 'bigint generated always as identity primary key',
    },
    // The time of the statement: the transaction may have waited for a row since it began.
    clock: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
    positionFunction: 'strpos',
    jsonArrayFunction: 'json_agg',
    jsonObjectFunction: null,
    joinedRows: null,
    fractionInJson: (column) => column,
    insertsWhatUpdatesReturn: true,
    search: createPostgresSearch(schema),
    changes: createPostgresChanges(schema),
    get checksPages() {
      return checksPages;
    },

    readSchemaVersion,
    readColumns: async (query) => {
      const { rows } = await query.raw<{ rows: { name: string }[] }>(COLUMNS, [schema]);
      return rows.map(({ name }) => name);
    },
    // Released at the end of the transaction, also by a pooler between Synapse and the server.
    lockForMigration: async (transaction) => {
      await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [
        `synapse-migrations ${schema}`,
      ]);
      await transaction.raw('create schema if not exists ??', [schema]);
    },
    noteSchemaVersion: async () => undefined,

    runnerOn: knexRunnerOn,
    // Only callers that want the same rows wait, and they queue.
    confirmCommit: () => undefined,
    yieldToOthers: async () => undefined,
    // The server reuses the space of removed rows by its own vacuum.
    scrub: async () => undefined,
    // The server checks its pages, and enforces its constraints, without help.
    checkEngine: async () => [],
    sizes: (query) => postgresSizes(query, schema),
    vacuum: (query) => patiently(() => vacuumPostgres(query, schema)),
    analyze: (query) => patiently(() => analyzePostgres(query, schema)),
    fileBackup: null,

    engineVersion: async (query) => {
      const row = await readOne<{ server_version: string }>(query, 'show server_version');
      return row?.server_version ?? '';
    },
    byteSize: async (query) => {
      const sql = `select sum(pg_total_relation_size(c.oid))::bigint as size
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = ? and c.relkind = 'r'`;
      return (await readOne<{ size: number | null }>(query, sql, [schema]))?.size ?? 0;
    },

    duplicateKey: (error) =>
      sqlStateOf(error) === DUPLICATE
        ? ((error as { constraint?: string }).constraint ?? '')
        : undefined,
    isTransient,
    toStorageError: (error, query) =>
      explainError(error, { query, schema, location, readSchemaVersion }),
    onFailure: () => undefined,
  };
}
