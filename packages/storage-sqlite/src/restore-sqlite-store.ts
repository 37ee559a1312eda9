import { existsSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { FileNotFoundError, StorageError, SynapseError } from '@synapse/core';
import { SCHEMA_VERSION, refuseNewerSchema } from '@synapse/storage-knex';
import type { Database } from 'sqlite3';
import { APPLICATION_ID } from './configure-connection.ts';
import { closeConnection, execute, openConnection, readRow } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { copyDatabase, oddFileError } from './copy-database.ts';
import { toStorageError } from './to-storage-error.ts';
import { followLink } from './follow-link.ts';
import { statsOf } from './stats-of.ts';

export interface RestoreOptions {
  /** The file that a backup was written to. */
  from: string;
  /** Where the database is to be. */
  to: string;
  /** Whether a database that is there may be put aside. */
  overwrite: boolean;
  now: Date;
}

export interface RestoreReport {
  path: string;
  /** Where the database is now that was there before; null where there was none. */
  asidePath: string | null;
}

/**
 * Puts a backup in the place of the database. What is there is put aside and not removed. Rejects
 * with a StorageError where the backup is none or damaged, where it or the database there is newer
 * than this program, and where any process has that database open.
 */
export async function restoreSqliteStore(options: RestoreOptions): Promise<RestoreReport> {
  const from = resolve(options.from);
  const to = followLink(options.to);
  if (!statsOf(from)?.isFile()) {
    throw new FileNotFoundError(`There is no backup at ${from}.`);
  }
  await withConnection(from, refuseUnfitBackup);
  if (!existsSync(to)) {
    await copyDatabase(from, to, false);
    return { path: to, asidePath: null };
  }
  if (!statsOf(to)?.isFile()) throw oddFileError(to);
  if (!options.overwrite) {
    throw new StorageError(`There is a database at ${to} already.`, {
      reason: 'cannot-create',
      hint: 'Say that it may be put aside, or restore to another file.',
    });
  }
  const time = options.now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  const asidePath = `${to}.before-restore-${time}`;
  await withConnection(to, async (connection) => {
    await lockForGood(connection, to);
    renameSync(to, asidePath);
    await copyDatabase(from, to, false).catch((error: unknown) => {
      renameSync(asidePath, to);
      throw error;
    });
  });
  for (const suffix of ['-wal', '-shm']) rmSync(to + suffix, { force: true });
  return { path: to, asidePath };
}

async function refuseUnfitBackup(connection: Database, path: string): Promise<void> {
  const facts = await readRow<{ applicationId: number; version: number }>(
    connection,
    `select (select application_id from pragma_application_id) as applicationId,
      (select user_version from pragma_user_version) as version`,
  );
  if (facts.applicationId !== APPLICATION_ID) {
    throw new StorageError(`${path} is no backup of a Synapse database.`, {
      reason: 'foreign',
      hint: 'Name a file that a backup was written to.',
    });
  }
  refuseNewerSchema(facts.version, SCHEMA_VERSION);
  const check = await readRow<{ quick_check: string }>(connection, 'pragma quick_check(1)');
  if (check.quick_check !== 'ok') {
    throw new StorageError(`The backup ${path} is damaged: ${check.quick_check}`, {
      reason: 'damaged',
      hint: 'Use another backup.',
    });
  }
}

/** Fails where anybody has the database open; leaves it as one file, and locked. */
async function lockForGood(connection: Database, path: string): Promise<void> {
  await execute(connection, 'pragma busy_timeout = 500; pragma locking_mode = exclusive');
  try {
    await execute(connection, 'pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'SQLITE_BUSY') throw cause;
    throw new StorageError(`Another process has the database ${path} open.`, {
      reason: 'busy',
      hint: 'Leave all other Synapses, then restore again.',
      cause,
    });
  }
  const { version } = await readRow<{ version: number }>(
    connection,
    'select user_version as version from pragma_user_version',
  );
  refuseNewerSchema(version, SCHEMA_VERSION);
}

async function withConnection(
  path: string,
  work: (connection: Database, path: string) => Promise<void>,
): Promise<void> {
  const { sqlite3 } = await loadDrivers();
  try {
    const connection = await openConnection(sqlite3, path, sqlite3.OPEN_READWRITE);
    try {
      await work(connection, path);
    } finally {
      await closeConnection(connection);
    }
  } catch (error) {
    throw error instanceof SynapseError ? error : (toStorageError(error, path) ?? error);
  }
}
