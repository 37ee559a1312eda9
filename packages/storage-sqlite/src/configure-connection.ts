import { StorageError } from '@synapse/core';
import { refuseNewerSchema } from '@synapse/storage-knex';
import type { Database } from 'sqlite3';
import { execute, readRow } from './connection.ts';

/** Marks a file as Synapse's: "Syna" in ASCII. */
export const APPLICATION_ID = 0x53796e61;

export const BUSY_TIMEOUT_MS = 10_000;

// None of these writes to the file, which may belong to another program.
const PRAGMAS = `
  pragma busy_timeout = ${BUSY_TIMEOUT_MS};
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma trusted_schema = off;
  pragma cell_size_check = on;
  pragma secure_delete = on;
  pragma journal_size_limit = 16777216;
`;

const FACTS = `select
  sqlite_version() as version,
  (select synchronous from pragma_synchronous) as synchronous,
  (select foreign_keys from pragma_foreign_keys) as foreignKeys,
  (select timeout from pragma_busy_timeout) as busyTimeoutMs,
  (select trusted_schema from pragma_trusted_schema) as trustedSchema,
  (select cell_size_check from pragma_cell_size_check) as cellSizeCheck,
  (select secure_delete from pragma_secure_delete) as secureDelete,
  (select journal_mode from pragma_journal_mode) as journalMode,
  (select application_id from pragma_application_id) as applicationId,
  (select user_version from pragma_user_version) as schemaVersion,
  (select count(*) from sqlite_schema) as objectCount`;

export interface ConnectionFacts {
  version: string;
  synchronous: number;
  foreignKeys: number;
  busyTimeoutMs: number;
  trustedSchema: number;
  cellSizeCheck: number;
  secureDelete: number;
  journalMode: string;
  applicationId: number;
  schemaVersion: number;
  objectCount: number;
}

/** Applies the required settings of every connection and verifies them, without touching the file. */
export async function configureConnection(
  connection: Database,
  path: string,
): Promise<ConnectionFacts> {
  await execute(connection, PRAGMAS);
  const facts = await readRow<ConnectionFacts>(connection, FACTS);
  refuseUnsafeVersion(facts.version);
  refuseForeign(facts, path);
  refuseNewerSchema(facts.schemaVersion);
  refuseWeakSettings(facts, path);
  return facts;
}

/**
 * SQLite from 3.7.0 to 3.51.2 may damage a database in WAL mode if two processes reset the log at
 * once.
 */
export function refuseUnsafeVersion(version: string): void {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const number = major * 1_000_000 + minor * 1000 + patch;
  if (number < 3_007_000 || number > 3_051_002) return;
  throw new StorageError(`SQLite ${version} can damage a database that two processes use.`, {
    reason: 'driver',
    hint: 'Install the version of sqlite3 that Synapse asks for: npm install',
  });
}

function refuseForeign(
  { applicationId, schemaVersion, objectCount }: ConnectionFacts,
  path: string,
) {
  const isNew = applicationId === 0 && schemaVersion === 0 && objectCount === 0;
  if (isNew || applicationId === APPLICATION_ID) return;
  throw new StorageError(`${path} is the database of another program.`, {
    reason: 'foreign',
    hint: 'Choose another file with SYNAPSE_DATABASE_URL.',
  });
}

function refuseWeakSettings(facts: ConnectionFacts, path: string): void {
  const { synchronous, foreignKeys, busyTimeoutMs, trustedSchema } = facts;
  const holds = synchronous === 2 && foreignKeys === 1 && busyTimeoutMs >= BUSY_TIMEOUT_MS;
  if (holds && trustedSchema === 0 && facts.cellSizeCheck === 1 && facts.secureDelete === 1) return;
  throw new StorageError(`SQLite ${facts.version} ignores settings that keep ${path} safe.`, {
    reason: 'driver',
    hint: 'Install the version of sqlite3 that Synapse asks for: npm install',
  });
}
