import {
  InvalidDataError,
  StorageError,
  type StorageFailure,
  type SynapseError,
} from '@synapse/core';
import { schemaMismatchError } from '@synapse/storage-knex';
import { hasNoRoom } from './has-no-room.ts';

interface Failure {
  reason: StorageFailure;
  message: (path: string) => string;
  hint: string;
}

const busy: Failure = {
  reason: 'busy',
  message: (path) => `Another process has kept the database ${path} busy for too long.`,
  hint: 'Try again. If it keeps happening, look for another Synapse process that hangs.',
};
const full: Failure = {
  reason: 'full',
  message: (path) => `There is no space left for the database ${path}.`,
  hint: 'Free some space, or raise the limit on file sizes, then try again.',
};
const damaged: Failure = {
  reason: 'damaged',
  message: (path) => `The database ${path} is damaged, or is not a database.`,
  hint: 'Synapse has not changed it. Restore a backup, or choose another file.',
};
const unreadable: Failure = {
  reason: 'damaged',
  message: (path) => `The disk failed while Synapse used the database ${path}.`,
  hint: 'Check the disk. All acknowledged changes are kept.',
};
const readOnly: Failure = {
  reason: 'cannot-create',
  message: (path) => `The database ${path} can't be written to.`,
  hint: 'Check the permissions of the file and of its folder.',
};
const unavailable: Failure = {
  reason: 'unavailable',
  message: (path) => `The database ${path} can't be opened.`,
  hint: 'Check that the file and its folder exist, and that you may use them.',
};

const failures: Record<string, Failure> = {
  SQLITE_BUSY: busy,
  SQLITE_LOCKED: busy,
  SQLITE_FULL: full,
  // Synapse's statements are valid, so a missing table or column means a damaged file.
  SQLITE_ERROR: damaged,
  SQLITE_CORRUPT: damaged,
  SQLITE_NOTADB: damaged,
  SQLITE_IOERR: unreadable,
  SQLITE_READONLY: readOnly,
  SQLITE_PERM: readOnly,
  SQLITE_CANTOPEN: unavailable,
  SQLITE_PROTOCOL: unavailable,
  SQLITE_NOMEM: unavailable,
  SQLITE_INTERRUPT: unavailable,
  SQLITE_NOLFS: full,
};

export function toStorageError(cause: unknown, path: string): SynapseError | undefined {
  const { code, name, message: text } = cause as Record<string, unknown>;
  if (code === 'SQLITE_TOOBIG') {
    return new InvalidDataError('A text is larger than the database can hold.', { cause });
  }
  const missing = typeof text === 'string' && /no such (?:table|column): (\S+)/.exec(text)?.[1];
  if (code === 'SQLITE_ERROR' && missing) return schemaMismatchError(path, missing, cause);
  // A constraint of the search index tables, which Synapse's statements cannot violate.
  const isIndex = code === 'SQLITE_CONSTRAINT' && text === 'SQLITE_CONSTRAINT: constraint failed';
  const failure =
    // Stored JSON that is no longer valid.
    name === 'SyntaxError' || isIndex
      ? damaged
      : name === 'KnexTimeoutError'
        ? busy
        : typeof code === 'string'
          ? failures[code]
          : undefined;
  if (!failure) return undefined;
  // A limit on file sizes (ulimit -f) reaches SQLite as a failed write, not as a full disk.
  const isFull = code === 'SQLITE_IOERR' && hasNoRoom(path);
  const { reason, message, hint } = isFull ? full : failure;
  return new StorageError(message(path), { reason, hint, cause });
}
