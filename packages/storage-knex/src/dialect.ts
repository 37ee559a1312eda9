import type { CheckFinding, SynapseError } from '@synapse/core';
import type { FileBackup, TableSize } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import type { RunSql } from './raw-transaction.ts';
import type { SearchDialect } from './search-dialect.ts';

/** What differs between the databases: facts by name, never a question which database it is. */
export interface Dialect {
  readonly engine: 'sqlite' | 'postgres';
  /** Stands before the name of every table; undefined where all tables are in one place. */
  readonly schemaName: string | undefined;
  readonly columnTypes: {
    /** Text that is ordered by its bytes. */
    readonly key: string;
    /** A number that the database gives each row, and keeps when it moves the row. */
    readonly rowNumber: string;
  };
  /** The time of the database, in milliseconds since 1970. */
  readonly clock: string;
  /** The function that finds a text in another, from 1; 0 where it is not there. */
  readonly positionFunction: string;
  /** The aggregate that makes a JSON array of a column. */
  readonly jsonArrayFunction: string;
  /**
   * The function that makes a JSON object of names and values, where one such text takes less time
   * to read than each column by itself; null where it does not.
   */
  readonly jsonObjectFunction: string | null;
  /** A column with fractions within such an object: as a number, or as a text that tells all digits. */
  fractionInJson(column: string): string;
  /** Whether an insert can take what an update in the same statement returns. */
  readonly insertsWhatUpdatesReturn: boolean;
  readonly search: SearchDialect;
  /**
   * Whether the database has a checksum for each of its pages, and gives out nothing of one that does
   * not fit; known once the version of the schema was read.
   */
  readonly checksPages: boolean;

  /** The number of the newest migration that was applied; 0 for none. One cheap query. */
  readSchemaVersion(query: Knex): Promise<number>;
  /** What is really there, as `table.column`. One cheap query. */
  readColumns(query: Knex): Promise<string[]>;
  /** First in the transaction of every migration: from here on no other process migrates. */
  lockForMigration(transaction: Knex.Transaction): Promise<void>;
  /** In the transaction of the migration, after its row has been written. */
  noteSchemaVersion(transaction: Knex.Transaction, version: number): Promise<void>;

  /** How finished SQL runs fastest on one of Knex's connections. */
  runnerOn(connection: unknown, knex: Knex): RunSql;

  /**
   * After every commit and before it is acknowledged: throws a StorageError where what was committed
   * would not be found again.
   */
  confirmCommit(): void;

  /** After a transaction of many, told how long it has kept others waiting. */
  giveWay(heldMs: number): Promise<void>;

  /**
   * Rids the search index and the files of what was removed, in steps that each keep others waiting
   * for some hundredths of a second. Outside of a transaction.
   */
  scrub(query: Knex): Promise<void>;

  /** What the engine itself finds wrong, its search index included. */
  checkEngine(query: Knex): Promise<CheckFinding[]>;
  sizes(query: Knex): Promise<TableSize[]>;
  /** Outside of a transaction. */
  vacuum(query: Knex): Promise<void>;
  analyze(query: Knex): Promise<void>;
  readonly fileBackup: FileBackup | null;

  engineVersion(query: Knex): Promise<string>;
  byteSize(query: Knex): Promise<number>;

  /** Names the unique index, or its columns, that an insert or update ran into; else undefined. */
  duplicateKey(error: unknown): string | undefined;
  /** Whether the same transaction may well succeed when it is tried again. */
  isTransient(error: unknown): boolean;
  /**
   * Undefined for what is no failure of the database but a bug. `query` is for questions that tell the
   * reason; it is outside of the transaction that failed.
   */
  toStorageError(
    error: unknown,
    query: Knex,
  ): SynapseError | undefined | Promise<SynapseError | undefined>;
  /** Told of every failure, before it is translated. */
  onFailure(error: unknown): void;
}
