import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';
import { resolve } from 'node:path';
import { FileNotFoundError, StorageError, SynapseError } from '@synapse/core';
import { SCHEMA_VERSION, refuseNewerSchema } from '@synapse/storage-knex';
import type { Database } from 'sqlite3';
import { APPLICATION_ID } from './configure-connection.ts';
import { closeConnection, execute, openConnection, readRow } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { oddFileError, withCopy } from './copy-database.ts';
import {
  asidePathOf,
  exchangeDatabase,
  readyPathOf,
  settleExchange,
  undoExchange,
} from './exchange-database.ts';
import { withMigrationLock } from './migration-lock.ts';
import { makeFolderOf } from './prepare-file.ts';
import { toStorageError } from './to-storage-error.ts';
import { followLink } from './follow-link.ts';
import { statsOf } from './stats-of.ts';

const HEADER = 'SQLite format 3\0';

export interface RestoreOptions {
  /** The file that a backup was written to. */
  from: string;
  /** The path of the restored database. */
  to: string;
  /** Whether an existing database may be moved aside. */
  overwrite: boolean;
  /** Whether to create a missing folder of the database. */
  makesFolder?: boolean | undefined;
  now: Date;
}

export interface RestoreReport {
  path: string;
  /** The new place of the old database, or of its remains; null if there was none. */
  asidePath: string | null;
}

/**
 * Replaces the database with a backup. The old database is moved aside, not removed. A process that
 * is killed in the meantime leaves the old database or the new one. Rejects with a StorageError if
 * the backup is damaged or not a backup, if it or the existing database is newer than this program,
 * or if any process has that database open.
 */
export async function restoreSqliteStore(options: RestoreOptions): Promise<RestoreReport> {
  const from = resolve(options.from);
  const to = followLink(options.to);
  if (!statsOf(from)?.isFile()) {
    throw new FileNotFoundError(`There is no backup at ${from}.`);
  }
  await withConnection(from, refuseUnfitBackup);
  if (options.makesFolder) makeFolderOf(to);
  refuseExisting(to, options.overwrite);
  return withCopy(from, to, async (copy) => {
    const { sqlite3 } = await loadDrivers();
    await settleExchange(sqlite3, to, options.now);
    return withMigrationLock(sqlite3, to, async () => {
      refuseExisting(to, options.overwrite);
      const ready = readyPathOf(to);
      renameSync(copy, ready);
      const aside = asidePathOf(to, options.now);
      try {
        const asidePath = await whileUnused(to, () => exchangeDatabase(ready, to, aside));
        return { path: to, asidePath };
      } catch (error) {
        undoExchange(to, aside);
        throw error;
      }
    });
  });
}

function refuseExisting(to: string, overwrite: boolean): void {
  if (!existsSync(to)) return;
  if (!statsOf(to)?.isFile()) throw oddFileError(to);
  if (overwrite) return;
  throw new StorageError(`A database already exists at ${to}.`, {
    reason: 'cannot-create',
    hint: 'Confirm that it may be moved aside, or restore to another file.',
  });
}

/**
 * Runs `work` while no other process can use the database: under its lock, unless it is missing or
 * too damaged for one.
 */
async function whileUnused<T>(path: string, work: () => T): Promise<T> {
  // SQLite would remove the log of an empty file or of a file that is not a database.
  if (!isDatabase(path)) return work();
  let done: { result: T } | undefined;
  try {
    await withConnection(path, async (connection) => {
      await lockForGood(connection, path);
      done = { result: work() };
    });
  } catch (error) {
    const isDamaged = error instanceof StorageError && error.reason === 'damaged';
    if (done || !isDamaged) throw error;
    return work();
  }
  if (!done) throw new Error('The locked work did not run.');
  return done.result;
}

function isDatabase(path: string): boolean {
  if (!existsSync(path)) return false;
  const start = Buffer.alloc(HEADER.length);
  const file = openSync(path, 'r');
  try {
    readSync(file, start, 0, start.length, 0);
  } finally {
    closeSync(file);
  }
  return start.toString('latin1') === HEADER;
}

async function refuseUnfitBackup(connection: Database, path: string): Promise<void> {
  const facts = await readRow<{ applicationId: number; version: number }>(
    connection,
    `select (select application_id from pragma_application_id) as applicationId,
      (select user_version from pragma_user_version) as version`,
  );
  if (facts.applicationId !== APPLICATION_ID) {
    throw new StorageError(`${path} is not a backup of a Synapse database.`, {
      reason: 'foreign',
      hint: 'Name a backup of Synapse.',
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

/** Fails if any process has the database open; otherwise leaves it as a single file, and locked. */
async function lockForGood(connection: Database, path: string): Promise<void> {
  await execute(connection, 'pragma busy_timeout = 500; pragma locking_mode = exclusive');
  try {
    await execute(connection, 'pragma journal_mode = delete; begin exclusive');
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'SQLITE_BUSY') throw cause;
    throw new StorageError(`Another process has the database ${path} open.`, {
      reason: 'busy',
      hint: 'Quit all other Synapse processes, then restore again.',
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
