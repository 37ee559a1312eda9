import { SynapseError, type StoreSummary } from '@synapse/core';
import { toSchemaStatus, type SchemaRecord } from '@synapse/storage-knex';
import type { Database } from 'sqlite3';
import { configureConnection } from './configure-connection.ts';
import { closeConnection, openConnection, readRows } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { toStorageError } from './to-storage-error.ts';
import { statsOf } from './stats-of.ts';

/** Reads the schema version of a file without changing anything; undefined if there is no file. */
export function inspectSqliteStore(path: string): Promise<StoreSummary | undefined> {
  return withReader(path, async (connection) => {
    const { version, journalMode, schemaVersion } = await configureConnection(connection, path);
    const records =
      schemaVersion === 0
        ? []
        : await readRows<SchemaRecord>(
            connection,
            'select version, name, applied_at from schema_migrations order by version',
          );
    return {
      engine: 'sqlite',
      location: path,
      engineVersion: version,
      journalMode,
      checksPages: null,
      schema: toSchemaStatus(records),
    };
  });
}

async function withReader<T>(
  path: string,
  work: (connection: Database) => Promise<T>,
): Promise<T | undefined> {
  if (!statsOf(path)?.isFile()) return undefined;
  const { sqlite3 } = await loadDrivers();
  try {
    const connection = await openConnection(sqlite3, path, sqlite3.OPEN_READONLY);
    try {
      return await work(connection);
    } finally {
      await closeConnection(connection);
    }
  } catch (error) {
    throw error instanceof SynapseError ? error : (toStorageError(error, path) ?? error);
  }
}
