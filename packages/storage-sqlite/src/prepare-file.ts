import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, type Logger } from '@synapse/core';

const OTHERS = 0o077;
const OTHERS_MAY_WRITE = 0o022;

/**
 * Makes the folder and the file, for the owner's eyes only, before SQLite does: it would go by the
 * umask, and its -wal and -shm files take their mode from the file.
 */
export function prepareFile(path: string, logger?: Logger): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openPrivately(path));
    warnOfOthers(dirname(path), logger);
  } catch (error) {
    throw toCreateError(path, error);
  }
}

function openPrivately(path: string): number {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
  const { mode, uid } = fstatSync(file);
  if ((mode & OTHERS) !== 0 && uid === process.getuid?.()) fchmodSync(file, 0o600);
  return file;
}

function warnOfOthers(folder: string, logger?: Logger): void {
  const { mode, uid } = statSync(folder);
  const isOthers = process.getuid !== undefined && uid !== process.getuid();
  if (isOthers || (mode & OTHERS_MAY_WRITE) !== 0) {
    logger?.warn({ folder }, 'other users may change the folder of the database');
  }
}

export function toCreateError(path: string, cause: unknown): StorageError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StorageError(`There is no space left for the database ${path}.`, {
      reason: 'full',
      hint: 'Free some space, then try again.',
      cause,
    });
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    return new StorageError(`The database ${path} can't be opened: too many files are open.`, {
      reason: 'unavailable',
      hint: 'Raise the limit on open files (ulimit -n), then try again.',
      cause,
    });
  }
  return new StorageError(`The database ${path} can't be created or written to (${code}).`, {
    reason: 'cannot-create',
    hint: 'Check the folder and its permissions, or choose another place with SYNAPSE_DATABASE_URL.',
    cause,
  });
}
