import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StorageError, type Logger } from '@synapse/core';

const OTHERS = 0o077;
const OTHERS_MAY_WRITE = 0o022;

export interface PrepareOptions {
  logger?: Logger | undefined;
  /** Whether to create a missing folder of the file. */
  makesFolder: boolean;
}

/**
 * Makes sure that the database can be opened or created at the path; otherwise throws an error with
 * the reason.
 */
export function prepareFile(path: string, { logger, makesFolder }: PrepareOptions): void {
  if (makesFolder) makeFolderOf(path);
  try {
    makePrivateFile(path);
    warnOfOthers(dirname(path), logger);
  } catch (error) {
    throw toCreateError(path, error);
  }
}

export function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toCreateError(path, error);
  }
}

/**
 * Creates the file, readable by its owner only, before SQLite does. SQLite would apply the umask,
 * and its -wal and -shm files take their mode from the file. An existing file is not opened:
 * closing it again would release the locks that SQLite holds on it in this process.
 */
export function makePrivateFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) {
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    return;
  }
  if (!stats.isFile()) throw Object.assign(new Error('A database is a file.'), { code: 'EFTYPE' });
  accessSync(path, constants.R_OK | constants.W_OK);
  const { mode, uid } = stats;
  if ((mode & OTHERS) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
}

function warnOfOthers(folder: string, logger?: Logger): void {
  const { mode, uid } = statSync(folder);
  const isOthers = process.getuid !== undefined && uid !== process.getuid();
  if (isOthers || (mode & OTHERS_MAY_WRITE) !== 0) {
    logger?.warn({ folder }, 'other users may change the folder of the database');
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'a part of its path is not a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EFTYPE: 'it is not a regular file',
  EROFS: 'the file system is read-only',
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
  if (code === 'ENOENT') {
    return new StorageError(
      `${path} can't be created: the folder ${missingFolder(path)} does not exist.`,
      {
        reason: 'cannot-create',
        hint: `Check the spelling, or create the folder first: mkdir -p "${dirname(path)}"`,
        cause,
      },
    );
  }
  const why = reasons[code] ?? code;
  return new StorageError(`The database ${path} can't be created or written to (${why}).`, {
    reason: 'cannot-create',
    hint: `Check the folder and its permissions, or ${otherPlace}.`,
    cause,
  });
}

/** The first missing folder on the way to the file. */
function missingFolder(path: string): string {
  const folder = dirname(path);
  const parent = dirname(folder);
  return parent === folder || existsSync(parent) ? folder : missingFolder(folder);
}
