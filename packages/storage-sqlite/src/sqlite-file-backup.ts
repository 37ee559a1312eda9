import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StorageError, type BackupReport, type FileBackup } from '@synapse/core';
import { closeConnection, execute, openConnection } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { prepareFile } from './prepare-file.ts';
import { toStorageError } from './to-storage-error.ts';

/** Backups of the database at `path`, over a connection of their own: nobody waits for them. */
export function createSqliteFileBackup(path: string): FileBackup {
  return {
    async write(target, { overwrite }): Promise<BackupReport> {
      const to = resolve(target);
      refuseExisting(to, path, overwrite);
      await copyDatabase(path, to, overwrite);
      return { path: to, byteSize: statSync(to).size };
    },
  };
}

/** Writes beside the target and moves the whole into place, so that no half of a copy is seen. */
export async function copyDatabase(from: string, to: string, overwrite: boolean): Promise<void> {
  const partial = `${to}.partial-${randomBytes(6).toString('hex')}`;
  // SQLite writes into an empty file; by itself it would make one that others can read.
  prepareFile(partial);
  try {
    await vacuumInto(from, partial);
    syncFile(partial);
    moveIntoPlace(partial, to, overwrite);
    syncFile(dirname(to));
  } catch (error) {
    throw toStorageError(error, from) ?? error;
  } finally {
    rmSync(partial, { force: true });
    rmSync(`${partial}-journal`, { force: true });
  }
}

async function vacuumInto(from: string, to: string): Promise<void> {
  const { sqlite3 } = await loadDrivers();
  const connection = await openConnection(sqlite3, from, sqlite3.OPEN_READWRITE);
  try {
    await execute(connection, 'pragma busy_timeout = 10000; pragma trusted_schema = off');
    await execute(connection, `vacuum into '${to.replaceAll("'", "''")}'`);
  } finally {
    await closeConnection(connection);
  }
}

function refuseExisting(to: string, path: string, overwrite: boolean): void {
  const found = statSync(to, { throwIfNoEntry: false });
  if (!found) return;
  const own = statSync(path, { throwIfNoEntry: false });
  if (own?.ino === found.ino && own.dev === found.dev) {
    throw new StorageError(`${to} is the database itself.`, {
      reason: 'cannot-create',
      hint: 'Name another file for the backup.',
    });
  }
  if (!overwrite || !found.isFile()) throw existsError(to);
}

function moveIntoPlace(from: string, to: string, overwrite: boolean): void {
  if (overwrite) {
    renameSync(from, to);
    return;
  }
  try {
    // Unlike a rename, never takes the place of a file that was made meanwhile.
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsError(to);
    // Some file systems have no links.
    renameSync(from, to);
  }
}

function existsError(path: string): StorageError {
  return new StorageError(`There is a file ${path} already.`, {
    reason: 'cannot-create',
    hint: 'Name another file, or say that this one may be overwritten.',
  });
}

function syncFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
