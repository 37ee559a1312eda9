import { linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, SynapseError } from '@synapse/core';
import { partialPathOf, removeDeadPartials } from '@synapse/core/files';
import { closeConnection, execute, openConnection } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { makePrivateFile, toCreateError } from './prepare-file.ts';
import { syncFile } from './sync-file.ts';
import { toStorageError } from './to-storage-error.ts';

/** Writes a file next to the target and then moves it into place, so that no partial copy is visible. */
export function copyDatabase(from: string, to: string, overwrite: boolean): Promise<void> {
  return withCopy(from, to, async (copy) => {
    moveIntoPlace(copy, to, overwrite);
    syncFile(dirname(to));
  });
}

/** Calls `work` with a complete copy on the disk, next to `to`, and removes the copy unless it was moved. */
export async function withCopy<T>(
  from: string,
  to: string,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const partial = partialPathOf(to);
  try {
    removeDeadPartials(dirname(to));
    // SQLite writes into an empty file; a file that it created would be readable by others.
    makePrivateFile(partial);
  } catch (error) {
    throw toCopyError(to, error);
  }
  try {
    await vacuumInto(from, partial);
    syncFile(partial);
    return await work(partial);
  } catch (error) {
    throw translate(error, from, to);
  } finally {
    rmSync(partial, { force: true });
    rmSync(`${partial}-journal`, { force: true });
  }
}

export function fileExistsError(path: string): StorageError {
  return new StorageError(`The file ${path} already exists.`, {
    reason: 'cannot-create',
    hint: 'Name another file, ',
    action: { name: 'replace-backup', text: 'or replace this one.' },
  });
}

export function oddFileError(path: string): StorageError {
  return new StorageError(`${path} is not a regular file; it is left unchanged.`, {
    reason: 'cannot-create',
    hint: 'Name another file.',
  });
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

function moveIntoPlace(from: string, to: string, overwrite: boolean): void {
  if (overwrite) {
    renameSync(from, to);
    return;
  }
  try {
    // Unlike a rename, this never replaces a file that was created in the meantime.
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw fileExistsError(to);
    // Some file systems have no links.
    renameSync(from, to);
  }
}

function translate(error: unknown, from: string, to: string): unknown {
  if (error instanceof SynapseError) return error;
  const isAboutSource = ['SQLITE_BUSY', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(codeOf(error));
  const failure = toStorageError(error, isAboutSource ? from : to);
  return failure ?? (codeOf(error).startsWith('E') ? toCopyError(to, error) : error);
}

function toCopyError(to: string, error: unknown): StorageError {
  return toCreateError(to, error, 'name another file');
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
