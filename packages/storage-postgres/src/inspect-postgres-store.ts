import { SynapseError, type StoreSummary } from '@synapse/core';
import { readSchemaStatus, refuseNewerSchema, Tables, toSchemaStatus } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import { createPostgresKnex, type PostgresConnection } from './create-postgres-knex.ts';

/** Reads the schema version; neither creates nor migrates the schema. */
export async function inspectPostgresStore(connection: PostgresConnection): Promise<StoreSummary> {
  const { knex, dialect, location } = await createPostgresKnex(connection);
  try {
    const version = await dialect.readSchemaVersion(knex);
    refuseNewerSchema(version);
    return {
      engine: dialect.engine,
      location,
      engineVersion: await dialect.engineVersion(knex),
      journalMode: null,
      checksPages: await readChecksPages(knex),
      schema:
        version === 0 ? toSchemaStatus([]) : await readSchemaStatus(new Tables(knex, dialect)),
    };
  } catch (error) {
    throw error instanceof SynapseError
      ? error
      : ((await dialect.toStorageError(error, knex)) ?? error);
  } finally {
    await knex.destroy();
  }
}

async function readChecksPages(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { data_checksums: string }[] }>('show data_checksums');
  return rows[0]?.data_checksums === 'on';
}
