import { SynapseError, type SynapseErrorOptions } from './synapse-error.ts';

export type StorageFailure =
  /** The database can't be reached or opened. */
  | 'unavailable'
  /** The place can't be created or written to. */
  | 'cannot-create'
  /** Another process holds the lock for too long. */
  | 'busy'
  /** The disk or the quota is full. */
  | 'full'
  /** The disk failed, or the file is damaged or no database. */
  | 'damaged'
  /** The server refused the user or the password. */
  | 'denied'
  /** The schema is newer than this program. */
  | 'schema-newer'
  /** The tables are not those of the version that the database says it has. */
  | 'schema-mismatch'
  /** An older copy of the database is in its place. */
  | 'replaced'
  /** Somebody else's tables are in the way. */
  | 'foreign'
  /** The driver's native part is missing. */
  | 'driver';

export interface StorageErrorOptions extends SynapseErrorOptions {
  reason: StorageFailure;
}

/**
 * The store could not do the operation. Everything that it acknowledged is still stored, unless the
 * database was replaced.
 */
export class StorageError extends SynapseError {
  override readonly code: `SYNAPSE_STORAGE_${string}`;
  readonly reason: StorageFailure;

  constructor(message: string, options: StorageErrorOptions) {
    super(message, options);
    this.code = `SYNAPSE_STORAGE_${options.reason.toUpperCase().replaceAll('-', '_')}`;
    this.reason = options.reason;
  }
}

/** The stored data is damaged; the rest of the store may be intact. */
export class DamagedDataError extends StorageError {
  /** Null if several sessions may contain the damage. */
  readonly sessionId: string | null;
  /** The number of the message; null if the session itself is damaged, or a message is missing. */
  readonly seq: number | null;

  constructor(what: string, sessionId: string | null, seq: number | null) {
    super(`${what} does not match its checksum: the database is damaged.`, {
      reason: 'damaged',
      action: {
        name: 'repair-database',
        text: 'Check the database for all damage. Restore a backup, or export the undamaged sessions.',
      },
    });
    this.sessionId = sessionId;
    this.seq = seq;
  }
}
