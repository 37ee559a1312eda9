import { SynapseError, type Store } from '@synapse/core';
import {
  createKnexStore,
  migrate,
  refuseNewerSchema,
  refuseSchemaMismatch,
  SCHEMA_VERSION,
} from '@synapse/storage-knex';
import { createPostgresKnex, type PostgresConnection } from './create-postgres-knex.ts';
import { refuseForeignDatabase } from './refuse-foreign-database.ts';

export interface PostgresStoreOptions extends PostgresConnection {
  /** Whether to create tables in a database that has tables of other programs and none of ours. */
  allowForeign: boolean;
}

/**
 * Opens the database, and creates or migrates the schema first if necessary. Nothing depends on the
 * state of a connection, so a pooler may give it to others between transactions.
 */
export async function openPostgresStore({
  allowForeign,
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
    return createKnexStore(knex, dialect, location);
  } catch (error) {
    const failure =
      error instanceof SynapseError ? error : await dialect.toStorageError(error, knex);
    await knex.destroy();
    throw failure ?? error;
  }
}
