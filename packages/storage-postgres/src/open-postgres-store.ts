import { SynapseError, type Logger, type Store } from '@synapse/core';
import {
  commonKnexOptions,
  createKnexStore,
  migrate,
  refuseNewerSchema,
  SCHEMA_VERSION,
} from '@synapse/storage-knex';
import type pg from 'pg';
import { loadDrivers } from './load-drivers.ts';
import { locationOf } from './location-of.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { refuseForeignDatabase } from './refuse-foreign-database.ts';

export interface PostgresStoreOptions {
  url: string;
  /** Where all tables are, whatever the search path says. */
  schema?: string | undefined;
  /** Whether tables may be made in a database that others use and we don't yet. */
  allowForeign: boolean;
  logger?: Logger | undefined;
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

/**
 * Opens the database, and makes or migrates the schema first where that is due. Nothing depends on
 * the state of a connection, so that a pooler may hand it to others between transactions.
 */
export async function openPostgresStore({
  url,
  schema = 'synapse',
  allowForeign,
  logger,
}: PostgresStoreOptions): Promise<Store> {
  const location = locationOf(url);
  const drivers = await loadDrivers();
  const dialect = createPostgresDialect(schema, location);
  const knex = drivers.knex({
    ...commonKnexOptions(logger),
    client: 'pg',
    // Any that Synapse can use; saves Knex the question on every first connection.
    version: '14',
    connection: {
      connectionString: url,
      application_name: 'synapse',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: plainTypes(drivers.pg),
    },
    pool: { min: 0, max: 4 },
    acquireConnectionTimeout: 20_000,
  });

  try {
    const version = await dialect.readSchemaVersion(knex);
    refuseNewerSchema(version);
    if (version === 0 && !allowForeign) await refuseForeignDatabase(knex, schema, location);
    if (version < SCHEMA_VERSION) await migrate(knex, dialect);
    return createKnexStore(knex, dialect, location);
  } catch (error) {
    await knex.destroy();
    throw error instanceof SynapseError ? error : (dialect.toStorageError(error) ?? error);
  }
}

/** Numbers as numbers, JSON as the text it is; both as SQLite has them. */
function plainTypes({ types }: typeof pg) {
  const getTypeParser = (type: TypeId, format: string) => {
    if (type === types.builtins.INT8) return Number;
    if (type === types.builtins.JSON) return String;
    return types.getTypeParser(type, format as 'text') as (text: string) => unknown;
  };
  return { getTypeParser };
}
