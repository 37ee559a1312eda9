import { SynapseError, type Store } from '@synapse/core';
import {
  createKnexStore,
  migrate,
  refuseNewerSchema,
  refuseSchemaMismatch,
  SCHEMA_VERSION,
} from '@synapse/storage-knex';
import type { Client } from 'pg';
import { loadDrivers } from './load-drivers.ts';
import { PostgresNotices } from './postgres-notices.ts';
import { tlsOf } from './tls-of.ts';
import { createPostgresKnex, type PostgresConnection } from './create-postgres-knex.ts';
import { refuseForeignDatabase } from './refuse-foreign-database.ts';

export interface PostgresStoreOptions extends PostgresConnection {
  /** Whether to create tables in a database that has tables of other programs and none of ours. */
  allowForeign: boolean;
  /**
   * Whether servers of the store wake each other's readers, and by which address to listen; that of
   * the store by default.
   */
  notices?: { url: string | null } | undefined;
}

async function openListener(url: string): Promise<Client> {
  const { pg } = await loadDrivers();
  const { url: connectionString, ssl } = tlsOf(url);
  const client = new pg.Client({
    connectionString,
    ...(ssl !== undefined && { ssl }),
    ...{ application_name: 'synapse', connectionTimeoutMillis: 10_000 },
    ...{ keepAlive: true, keepAliveInitialDelayMillis: 10_000 },
  });
  await client.connect();
  return client;
}

/**
 * Opens the database, and creates or migrates the schema first if necessary. Nothing depends on the
 * state of a connection, so a pooler may give it to others between transactions.
 */
export async function openPostgresStore({
  allowForeign,
  notices: chosen,
  ...connection
}: PostgresStoreOptions): Promise<Store> {
  const { knex, dialect, location, patiently } = await createPostgresKnex(connection);
  try {
    const version = await dialect.readSchemaVersion(knex);
    refuseNewerSchema(version);
    if (version === SCHEMA_VERSION) await refuseSchemaMismatch(knex, dialect, location);
    if (version === 0 && !allowForeign)
      await refuseForeignDatabase(knex, dialect.schemaName ?? '', location);
    if (version < SCHEMA_VERSION) await patiently(() => migrate(knex, dialect));
    if (!chosen) return createKnexStore(knex, dialect, location);
    const { url, logger } = connection;
    const notices = new PostgresNotices({
      connect: () => openListener(chosen.url ?? url),
      channel: `${dialect.schemaName ?? 'synapse'}_runs`,
      run: async (sql, values) => {
        await knex.raw(sql, values);
      },
      logger,
    });
    // Readers poll until it is known that notices arrive.
    void notices.start();
    return createKnexStore(knex, dialect, location, notices);
  } catch (error) {
    const failure =
      error instanceof SynapseError ? error : await dialect.toStorageError(error, knex);
    await knex.destroy();
    throw failure ?? error;
  }
}
