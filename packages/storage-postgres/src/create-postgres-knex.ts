import type { Logger } from '@synapse/core';
import { commonKnexOptions, type SqlDialect } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import type pg from 'pg';
import { connectWhenFull } from './connect-when-full.ts';
import { loadDrivers } from './load-drivers.ts';
import { locationOf } from './location-of.ts';
import { createPostgresDialect } from './postgres-dialect.ts';
import { SilenceWatch } from './silence-watch.ts';
import { tlsOf } from './tls-of.ts';

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

export interface PostgresKnex {
  knex: Knex;
  dialect: SqlDialect;
  /** The address without a password. */
  location: string;
  /** For work during which the server may send no data for hours. */
  patiently: (work: () => Promise<void>) => Promise<void>;
}

export interface PostgresConnection {
  url: string;
  /** The schema of all tables, whatever the search path is. */
  schema?: string | undefined;
  logger?: Logger | undefined;
  /** How long a statement may receive no data before it fails. */
  silenceMs?: number | undefined;
  /** The most connections at once. */
  poolSize?: number | undefined;
}

const CONNECT_MS = 10_000;

/** The methods with which Knex creates and keeps its connections. */
interface Client {
  acquireRawConnection(): Promise<unknown>;
  pool: Parameters<typeof connectWhenFull>[1];
}

/** Knex over a pool that connects with the first query. */
export async function createPostgresKnex({
  url,
  schema = 'synapse',
  logger,
  silenceMs = 25_000,
  poolSize = 4,
}: PostgresConnection): Promise<PostgresKnex> {
  const location = locationOf(url);
  const { url: connectionString, ssl } = tlsOf(url);
  const drivers = await loadDrivers();
  const connectMs = Math.min(CONNECT_MS, silenceMs);
  const knex = drivers.knex({
    ...commonKnexOptions(logger),
    client: 'pg',
    // Any supported version will do; saves Knex a query on every first connection.
    version: '14',
    connection: {
      connectionString,
      ...(ssl !== undefined && { ssl }),
      application_name: 'synapse',
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      types: plainTypes(drivers.pg),
    },
    // Each attempt to connect has its own time limit, and so has each caller that waits for a
    // connection.
    pool: { min: 0, max: poolSize, createTimeoutMillis: 3_600_000 },
    acquireConnectionTimeout: 20_000,
  });
  const watch = new SilenceWatch(silenceMs);
  const client = knex.client as Client;
  const connect = client.acquireRawConnection.bind(client);
  client.acquireRawConnection = async () => {
    const connection = await connectWhenFull(connect, client.pool, connectMs);
    watch.watch(connection);
    return connection;
  };
  const patiently = (work: () => Promise<void>) => watch.patiently(work);
  return { knex, dialect: createPostgresDialect(schema, location, patiently), location, patiently };
}

/** Numbers as numbers, JSON as text; both as SQLite returns them. */
function plainTypes({ types }: typeof pg) {
  const getTypeParser = (type: TypeId, format: string) => {
    if (type === types.builtins.INT8) return Number;
    if (type === types.builtins.JSON) return String;
    return types.getTypeParser(type, format as 'text') as (text: string) => unknown;
  };
  return { getTypeParser };
}
