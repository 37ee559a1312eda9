import type { Logger } from '@synapse/core';
import { commonKnexOptions, type Dialect } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import type pg from 'pg';
import { impatientSocket } from './impatient-socket.ts';
import { loadDrivers } from './load-drivers.ts';
import { locationOf } from './location-of.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { tlsOf } from './tls-of.ts';

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

export interface PostgresKnex {
  knex: Knex;
  dialect: Dialect;
  /** The address without a password. */
  location: string;
}

export interface PostgresConnection {
  url: string;
  /** Where all tables are, whatever the search path says. */
  schema?: string | undefined;
  logger?: Logger | undefined;
  /** After how long without a byte a statement fails; 0 for never. */
  silenceMs?: number | undefined;
}

/** Knex over a pool that connects with the first query. */
export async function createPostgresKnex({
  url,
  schema = 'synapse',
  logger,
  silenceMs = 25_000,
}: PostgresConnection): Promise<PostgresKnex> {
  const location = locationOf(url);
  const { url: connectionString, ssl } = tlsOf(url);
  const drivers = await loadDrivers();
  const knex = drivers.knex({
    ...commonKnexOptions(logger),
    client: 'pg',
    // Any that Synapse can use; saves Knex the question on every first connection.
    version: '14',
    connection: {
      connectionString,
      ...(ssl !== undefined && { ssl }),
      application_name: 'synapse',
      connectionTimeoutMillis: 10_000,
      stream: () => impatientSocket(silenceMs),
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: plainTypes(drivers.pg),
    },
    pool: { min: 0, max: 4 },
    acquireConnectionTimeout: 20_000,
  });
  const patiently = async (work: (query: Knex) => Promise<void>) => {
    const patient = await createPostgresKnex({ url, schema, logger, silenceMs: 0 });
    await work(patient.knex).finally(() => patient.knex.destroy());
  };
  return { knex, dialect: createPostgresDialect(schema, location, patiently), location };
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
