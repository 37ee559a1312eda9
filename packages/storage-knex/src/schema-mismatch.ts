import { StorageError } from '@synapse/core';
import type { Knex } from 'knex';
import type { SqlDialect } from './dialect.ts';
import { knownColumns } from './known-columns.ts';
import { SCHEMA_VERSION } from './migrate.ts';

/**
 * Throws if the recorded version is this program's but a table or a column is missing. Additional
 * ones do no harm.
 */
export async function refuseSchemaMismatch(
  query: Knex,
  dialect: SqlDialect,
  location: string,
): Promise<void> {
  const found = new Set(await dialect.readColumns(query));
  const [missing] = knownColumns.filter((name) => !found.has(name));
  if (missing !== undefined) throw schemaMismatchError(location, missing);
}

export function schemaMismatchError(
  location: string,
  missing: string,
  cause?: unknown,
): StorageError {
  return new StorageError(
    `The database ${location} is marked as schema version ${SCHEMA_VERSION}, but ${missing} is missing.`,
    {
      reason: 'schema-mismatch',
      hint: 'Another build of Synapse made it, or it was changed or damaged later. Export its sessions with that build, or restore a backup. Synapse has not changed it.',
      cause,
    },
  );
}
