import type { CheckFinding, SynapseError } from '@synapse/core';
import type { FileBackup, TableSize } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import type { ChangeDialect } from './change-dialect.ts';
import type { SearchDialect } from './search-dialect.ts';

export type SqlValue = string | number | null;

/** Runs finished SQL with `?` for the values; without values, it also begins or ends a transaction. */
export type RunSql = <Row>(sql: string, values?: readonly SqlValue[]) => Promise<Row[]>;

export interface JoinedRows {
  /** The function that makes a JSON array of its values. */
  readonly arrayFunction: string;
  /** The function that counts the bytes of a text. */
  readonly byteLengthFunction: string;
  /**
   * The aggregate that makes a JSON array of a column with JSON texts, in the order of the rows and
   * with a line feed after each comma; a condition chooses the rows. Null if there are none.
   */
  readonly toJsonArray: (column: string, condition?: string) => string;
}

/**
 * The differences between the databases, as named facts. No other code asks which database it is.
 */
export interface SqlDialect {
  readonly engine: 'sqlite' | 'postgres';
  /** The schema that prefixes the name of every table; undefined if there is only one. */
  readonly schemaName: string | undefined;
  readonly columnTypes: {
    /** The type for text that is ordered by its bytes. */
    readonly key: string;
    /** A number that the database gives each row, and keeps if it moves the row. */
    readonly rowNumber: string;
  };
  /** The time of the database, in milliseconds since 1970. */
  readonly clock: string;
  /** The function that finds a text in another and counts from 1; it returns 0 if there is none. */
  readonly positionFunction: string;
  /** The aggregate that makes a JSON array of a column. */
  readonly jsonArrayFunction: string;
  /**
   * The function that makes a JSON object of names and values, if reading one such text is faster
   * than reading separate columns; else null.
   */
  readonly jsonObjectFunction: string | null;
  /** If reading many rows as one text is faster than reading each of them; else null. */
  readonly joinedRows: JoinedRows | null;
  /** A column with fractions in such an object: as a number, or as a text that keeps all digits. */
  fractionInJson(column: string): string;
  /** Whether an insert can use the values that an update in the same statement returns. */
  readonly insertsWhatUpdatesReturn: boolean;
  readonly search: SearchDialect;
  readonly changes: ChangeDialect;
  /**
   * Whether the database has a checksum for each of its pages and never returns data of a damaged
   * page; known once the version of the schema was read.
   */
  readonly checksPages: boolean;

  /** The number of the newest migration that was applied; 0 for none. One cheap query. */
  readSchemaVersion(query: Knex): Promise<number>;
  /** The existing columns, as `table.column`. One cheap query. */
  readColumns(query: Knex): Promise<string[]>;
  /**
   * Runs first in the transaction of every migration: from then on, no other process can migrate.
   */
  lockForMigration(transaction: Knex.Transaction): Promise<void>;
  /** Runs in the transaction of the migration, after its row has been written. */
  noteSchemaVersion(transaction: Knex.Transaction, version: number): Promise<void>;

  /** The fastest way to run finished SQL on one of Knex's connections. */
  runnerOn(connection: unknown, knex: Knex): RunSql;

  /**
   * Runs after every commit, before the commit is acknowledged: throws a StorageError if a later
   * reader would not find the data.
   */
  confirmCommit(): void;

  /**
   * Runs after one transaction of many, with the time during which it blocked other writers. With
   * `heldPerPause`, it lets them wait that many times as long before it pauses for them.
   */
  yieldToOthers(heldMs: number, heldPerPause?: number): Promise<void>;

  /**
   * Removes deleted data from the search index and the files, in steps that block other writers for
   * some hundredths of a second. Runs outside of a transaction.
   */
  scrub(query: Knex): Promise<void>;

  /** The problems that the engine itself finds, including those of its search index. */
  checkEngine(query: Knex): Promise<CheckFinding[]>;
  sizes(query: Knex): Promise<TableSize[]>;
  /** Runs outside of a transaction. */
  vacuum(query: Knex): Promise<void>;
  analyze(query: Knex): Promise<void>;
  readonly fileBackup: FileBackup | null;

  engineVersion(query: Knex): Promise<string>;
  byteSize(query: Knex): Promise<number>;

  /** Names the unique index, or its columns, that an insert or update violated; else undefined. */
  duplicateKey(error: unknown): string | undefined;
  /** Whether the same transaction may succeed when it is repeated. */
  isTransient(error: unknown): boolean;
  /**
   * Undefined for an error that is a bug and not a failure of the database. `query` can ask the
   * database for the reason; it runs outside of the failed transaction.
   */
  toStorageError(
    error: unknown,
    query: Knex,
  ): SynapseError | undefined | Promise<SynapseError | undefined>;
  /** Called with every failure, before it is translated. */
  onFailure(error: unknown): void;
}
