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

/** Where there is a database, or is to be one; says in words why there can't. */
export function prepareFile(path: string, logger?: Logger): void {
  try {
    makePrivateFile(path);
    warnOfOthers(dirname(path), logger);
  } catch (error) {
    throw toCreateError(path, error);
  }
}

/**
 * Makes the folder and the file, for the owner's eyes only, before SQLite does: it would go by the
 * umask, and its -wal and -shm files take their mode from the file.
 */
export function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openPrivately(path));
}

function openPrivately(path: string): number {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
  const stats = fstatSync(file);
  if (!stats.isFile()) {
    closeSync(file);
    throw Object.assign(new Error('A database is a file.'), { code: 'EFTYPE' });
  }
  const { mode, uid } = stats;
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

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a part of its path is no folder',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EFTYPE: 'it is no ordinary file',
};

export function toCreateError(
  path: string,
  cause: unknown,
  otherPlace = 'choose another place with SYNAPSE_DATABASE_URL',
): StorageError {
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
  const why = reasons[code] ?? code;
  return new StorageError(`The database ${path} can't be created or written to (${why}).`, {
    reason: 'cannot-create',
    hint: `Check the folder and its permissions, or ${otherPlace}.`,
    cause,
  });
}
