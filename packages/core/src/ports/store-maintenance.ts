/** Care for the database itself. */
export interface StoreMaintenance {
  /** What is where, how large it is, how far it is migrated, and how much there is, which is counted. */
  info(): Promise<StoreInfo>;

  /** What is where and how large it is. Counts nothing: as fast however much there is. */
  place(): Promise<StorePlace>;

  /** The steps of the schema, those that were applied and those that this program knows. */
  schema(): Promise<SchemaStatus>;

  /**
   * Takes the newest step of the schema back, for the sake of an older Synapse; what only that step
   * can hold is lost. Returns what is left. Nothing but `close` may be called afterwards, and opening
   * the store again migrates it again. Rejects with InvalidDataError where no step is left.
   */
  rollBack(): Promise<SchemaStatus>;

  /**
   * Checks all stored data and returns the problems; an empty list means that there are none.
   * Mends nothing. Rejects with the signal's reason when aborted.
   */
  check(options?: CheckOptions): Promise<CheckFinding[]>;

  /** What takes how much space, the largest first. */
  sizes(): Promise<TableSize[]>;

  /** Gives back the space of what was removed. Others may have to wait meanwhile. */
  vacuum(): Promise<void>;

  /** Lets the database count what it holds, by which it decides how to look for something. */
  analyze(): Promise<void>;

  /** Null where the engine can't write itself to a file; `copyStore` into another store can, then. */
  readonly fileBackup: FileBackup | null;
}

export interface FileBackup {
  /**
   * Writes a copy of everything, as it is at one moment, while others go on reading and writing. The
   * file can be opened as a store. It is readable by its owner only, and is there whole or not at all.
   * Rejects with a StorageError where there is a file already, unless `overwrite` is true.
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

/** What can be read about a database without creating, migrating or changing it. */
export interface StoreSummary {
  engine: 'sqlite' | 'postgres';
  /** The file or the address, without a password. */
  location: string;
  engineVersion: string;
  /** Null where the engine has no such choice. */
  journalMode: string | null;
  /** Whether the server has a checksum for each page; null where the engine has none. */
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
  /** Told now and then how many messages were read. */
  onProgress?: ((messageCount: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface CheckFinding {
  kind: FindingKind;
  /** Null where it is not about one session. */
  sessionId: string | null;
  /** What is wrong, in a sentence. */
  text: string;
}

export type FindingKind =
  /** The engine reports that its file is damaged. */
  | 'engine'
  /** Something is not what was stored. */
  | 'content'
  /** A session's figures are not those of its messages. */
  | 'figures'
  /** The turns of a session do not fit together: two are active in one place, or one is a variant of none. */
  | 'turns'
  /** Something refers to what is not there. */
  | 'reference'
  /** The search index does not fit the messages. */
  | 'search';

export interface TableSize {
  name: string;
  byteSize: number;
}
