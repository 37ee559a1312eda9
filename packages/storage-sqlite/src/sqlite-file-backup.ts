import { statSync } from 'node:fs';
import { StorageError, type BackupReport } from '@synapse/core';
import type { FileBackup } from '@synapse/core/store-kit';
import { copyDatabase, fileExistsError, oddFileError } from './copy-database.ts';
import { followLink } from './follow-link.ts';
import { statsOf } from './stats-of.ts';

/**
 * Backups of the database at `path`, over a separate connection, so that they don't block other
 * work.
 */
export function createSqliteFileBackup(path: string): FileBackup {
  return {
    async write(target, { overwrite }): Promise<BackupReport> {
      const to = followLink(target);
      refuseExisting(to, path, overwrite);
      await copyDatabase(path, to, overwrite);
      return { path: to, byteSize: statSync(to).size };
    },
  };
}

function refuseExisting(to: string, path: string, overwrite: boolean): void {
  const found = statsOf(to);
  if (!found) return;
  const own = statsOf(path);
  if (own?.ino === found.ino && own.dev === found.dev) {
    throw new StorageError(`${to} is the database itself.`, {
      reason: 'cannot-create',
      hint: 'Name another file for the backup.',
    });
  }
  if (!found.isFile()) throw oddFileError(to);
  if (!overwrite) throw fileExistsError(to);
}
