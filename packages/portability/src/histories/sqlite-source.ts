import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidDataError, type JsonObject, type JsonValue } from '@synapse/core';
import type sqlite3 from 'sqlite3';
import type { Database, Statement } from 'sqlite3';
import { findBeside } from './file-beside.ts';
import type { HistoryFile } from './history.ts';
import { textIn } from './json-values.ts';

type Value = string | number;

const WAIT_FOR_WRITER_MS = 5000;

/** The database of another tool, which may be writing to it. It is never written to. */
export class SqliteSource {
  /** The tables with their definitions; without views, which could compute anything. */
  readonly tables = new Map<string, string>();
  readonly #database: Database;
  /** The places of the rows with each value of a column. */
  readonly #places = new Map<string, ReadonlyMap<string, number[]>>();
  readonly #copyFolder: string | null;
  readonly #path: string;

  private constructor(database: Database, path: string, copyFolder: string | null) {
    this.#database = database;
    this.#path = path;
    this.#copyFolder = copyFolder;
  }

  /** A file of an archive has no path, and a folder may forbid the lock file: then a copy is read. */
  static async open(file: HistoryFile): Promise<SqliteSource> {
    try {
      return await SqliteSource.#openAt(resolve(file.path), file.path, null);
    } catch (error) {
      if (!['SQLITE_CANTOPEN', 'SQLITE_READONLY'].includes(codeOf(error))) throw error;
    }
    const folder = await mkdtemp(join(tmpdir(), `synapse-import-${process.pid}-`));
    try {
      const copy = join(folder, 'copy.db');
      await copyTo(copy, file);
      // The last messages may be in the log only, and a journal tells SQLite of an unfinished change.
      for (const suffix of ['-wal', '-journal']) {
        const log = await findBeside(file, basename(file.path) + suffix);
        if (log) await copyTo(copy + suffix, log);
      }
      return await SqliteSource.#openAt(copy, file.path, folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // The folder of the copy allows the lock file, so that this is about the journal.
      throw codeOf(error) === 'SQLITE_READONLY' ? unfinished(file.path, error) : error;
    }
  }

  static async #openAt(
    path: string,
    shownPath: string,
    copyFolder: string | null,
  ): Promise<SqliteSource> {
    const { OPEN_READONLY, Database: Connection } = await loadDriver(shownPath);
    const database = await new Promise<Database>((done, fail) => {
      const opened: Database = new Connection(path, OPEN_READONLY, (error) => {
        if (error) fail(unreadable(shownPath, error));
        else done(opened);
      });
    });
    const source = new SqliteSource(database, shownPath, copyFolder);
    try {
      database.configure('busyTimeout', WAIT_FOR_WRITER_MS);
      await source.rows('pragma trusted_schema = off');
      const tables = await source.rows(`select name, sql from sqlite_master where type = 'table'`);
      for (const table of tables) {
        source.tables.set(textIn(table, 'name') ?? '', textIn(table, 'sql') ?? '');
      }
      return source;
    } catch (error) {
      await source.#disconnect();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#disconnect();
    if (this.#copyFolder !== null) await rm(this.#copyFolder, { recursive: true, force: true });
  }

  #disconnect(): Promise<void> {
    return new Promise((done) => this.#database.close(() => done()));
  }

  async atOneMoment<T>(work: () => Promise<T>): Promise<T> {
    await this.rows('begin');
    try {
      return await work();
    } finally {
      await this.rows('rollback');
    }
  }

  /** Older versions of a tool lack tables and columns. */
  async has(table: string, column: string): Promise<boolean> {
    if (!this.tables.has(table)) return false;
    const columns = await this.rows('select name from pragma_table_info(?)', table);
    return columns.some(({ name }) => name === column);
  }

  /** The rows of a table that may not be there. */
  async rowsIn(table: string, rest: string, ...values: Value[]): Promise<JsonObject[]> {
    return this.tables.has(table) ? this.rows(`select * from "${table}" ${rest}`, ...values) : [];
  }

  /** The rows with a value in a column without an index, which would read the whole table for each value. */
  async rowsWith(table: string, column: string, value: string): Promise<JsonObject[]> {
    if (!this.tables.has(table)) return [];
    const key = `${table} ${column}`;
    const places = this.#places.get(key) ?? (await this.#placesIn(table, column));
    this.#places.set(key, places);
    const rows: JsonObject[] = [];
    for (const place of places.get(value) ?? []) {
      rows.push(...(await this.rows(`select * from "${table}" where rowid = ?`, place)));
    }
    return rows;
  }

  async #placesIn(table: string, column: string): Promise<Map<string, number[]>> {
    const places = new Map<string, number[]>();
    const sql = `select rowid as place, cast("${column}" as text) as value from "${table}"`;
    for await (const row of this.each(`${sql} order by rowid`)) {
      const value = textIn(row, 'value') ?? '';
      const known = places.get(value);
      if (known) known.push(Number(row.place));
      else places.set(value, [Number(row.place)]);
    }
    return places;
  }

  async rows(sql: string, ...values: Value[]): Promise<JsonObject[]> {
    const rows: JsonObject[] = [];
    for await (const row of this.each(sql, ...values)) rows.push(row);
    return rows;
  }

  /** The bytes in the first column of the first row; null if there are none. */
  async bytes(sql: string, ...values: Value[]): Promise<Uint8Array | null> {
    for await (const row of this.#each(sql, values)) {
      const [value] = Object.values(row);
      if (Buffer.isBuffer(value)) return value;
      return typeof value === 'string' ? Buffer.from(value) : null;
    }
    return null;
  }

  /** One row after the other, so that memory holds only what a reader keeps. */
  async *each(sql: string, ...values: Value[]): AsyncGenerator<JsonObject> {
    for await (const row of this.#each(sql, values)) yield toRecord(row);
  }

  async *#each(sql: string, values: Value[]): AsyncGenerator<Record<string, unknown>> {
    const statement = await this.#prepare(sql, values);
    try {
      for (;;) {
        const row = await this.#next(statement);
        if (row === undefined) return;
        yield row;
      }
    } finally {
      await new Promise<void>((done) => statement.finalize(() => done()));
    }
  }

  #prepare(sql: string, values: Value[]): Promise<Statement> {
    return new Promise((done, fail) => {
      const statement = this.#database.prepare(sql, values, (error: Error | null) => {
        if (error) fail(unreadable(this.#path, error));
        else done(statement);
      });
    });
  }

  #next(statement: Statement): Promise<Record<string, unknown> | undefined> {
    return new Promise((done, fail) => {
      statement.get<Record<string, unknown> | undefined>((error: Error | null, row) => {
        if (error) fail(unreadable(this.#path, error));
        else done(row);
      });
    });
  }
}

function copyTo(path: string, file: HistoryFile): Promise<void> {
  return pipeline(Readable.from(file.bytes()), createWriteStream(path, { mode: 0o600 }));
}

async function loadDriver(path: string): Promise<typeof sqlite3> {
  try {
    return (await import('sqlite3')).default;
  } catch (cause) {
    const why = 'the SQLite driver is not installed for this version of Node';
    throw new InvalidDataError(`${path}: ${why}. Install the package sqlite3 again.`, { cause });
  }
}

function unreadable(path: string, cause: Error): InvalidDataError {
  return new InvalidDataError(`${path} can't be read as a database: ${cause.message}.`, { cause });
}

function unfinished(path: string, cause: unknown): InvalidDataError {
  const reason = `${path} holds half of a change, because its tool stopped while it wrote`;
  return new InvalidDataError(`${reason}. Start the tool once, then import again.`, { cause });
}

function codeOf(error: unknown): string {
  const { cause } = error instanceof InvalidDataError ? error : {};
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function toRecord(row: Record<string, unknown>): JsonObject {
  const entries = Object.entries(row).map(([name, value]): [string, JsonValue] => [
    name,
    Buffer.isBuffer(value) ? value.toString('utf8') : (value as JsonValue),
  ]);
  return Object.fromEntries(entries);
}
