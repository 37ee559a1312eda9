/** Maintenance of the database itself. */
export interface StoreMaintenance {
  /**
   * The place, size and schema of the database, and the counted numbers of its sessions and
   * messages.
   */
  info(): Promise<StoreInfo>;

  /** The place and size of the database. Counts nothing, so the time does not grow with the content. */
  place(): Promise<StorePlace>;

  /** The steps of the schema: the applied ones and those that this program knows. */
  schema(): Promise<SchemaStatus>;

  /**
   * Reverts the newest step of the schema, for an older Synapse; data that only that step can hold
   * is lost. Returns the remaining steps. Nothing but `close` may be called afterwards, and opening
   * the store again migrates it again. Rejects with InvalidDataError if no step is left.
   */
  rollBack(): Promise<SchemaStatus>;

  /**
   * Checks all stored data and returns the problems; an empty list means that there are none.
   * Repairs nothing. Rejects with the signal's reason when aborted.
   */
  check(options?: CheckOptions): Promise<CheckFinding[]>;

  /** The size of each table, the largest first. */
  sizes(): Promise<TableSize[]>;

  /** Frees the space of removed data. Other processes may have to wait meanwhile. */
  vacuum(): Promise<void>;

  /** Updates the statistics by which the database plans its queries. */
  analyze(): Promise<void>;

  /** Null if the engine cannot write itself to a file; then use `copyStore` into another store. */
  readonly fileBackup: FileBackup | null;
}

export interface FileBackup {
  /**
   * Writes a copy of everything as of one moment, while others continue to read and write. The file
   * can be opened as a store. It is readable by its owner only, and is complete or absent. Rejects
   * with a StorageError if the file already exists, unless `overwrite` is true.
   */
  write(path: string, options: { overwrite: boolean }): Promise<BackupReport>;
}

export interface BackupReport {
  path: string;
  byteSize: number;
}

export interface StorePlace {
  engine: 'memory' | 'sqlite' | 'postgres';
  /** The file or the address, without a password. */
  location: string;
  byteSize: number;
}

export interface StoreInfo extends StorePlace {
  engineVersion: string;
  schemaVersion: number;
  sessionCount: number;
  messageCount: number;
}

/** The facts about a database that can be read without creating, migrating or changing it. */
export interface StoreSummary {
  engine: 'sqlite' | 'postgres';
  /** The file or the address, without a password. */
  location: string;
  engineVersion: string;
  /** Null if the engine has no such setting. */
  journalMode: string | null;
  /** Whether the server has a checksum for each page; null if the engine has none. */
  checksPages: boolean | null;
  schema: SchemaStatus;
}

export interface SchemaStatus {
  applied: AppliedStep[];
  /** The names of the steps that were not applied yet. */
  pending: string[];
}

export interface AppliedStep {
  version: number;
  name: string;
  appliedAt: Date;
}

export interface CheckOptions {
  /** Called from time to time with the number of messages read. */
  onProgress?: ((messageCount: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface CheckFinding {
  kind: FindingKind;
  /** Null if it does not concern a single session. */
  sessionId: string | null;
  /** The problem, in a sentence. */
  text: string;
}

export type FindingKind =
  /** The engine reports that its file is damaged. */
  | 'engine'
  /** Stored data has changed. */
  | 'content'
  /** A session's figures are not those of its messages. */
  | 'figures'
  /** The turns of a session do not fit together: two are active in one place, or one is a variant of none. */
  | 'turns'
  /** Something refers to missing data. */
  | 'reference'
  /** The search index does not fit the messages. */
  | 'search';

export interface TableSize {
  name: string;
  byteSize: number;
}
