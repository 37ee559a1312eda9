import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3, { type Database } from 'sqlite3';

type Value = string | number | null | Uint8Array;

/** A database that another program has open for writing, with its log. */
export class ForeignDatabase {
  readonly path: string;
  readonly #database: Database;

  private constructor(path: string, database: Database) {
    this.path = path;
    this.#database = database;
  }

  static open(path: string): ForeignDatabase {
    return new ForeignDatabase(path, new sqlite3.Database(path));
  }

  static async create(folder: string, name: string, schema: string): Promise<ForeignDatabase> {
    const path = join(folder, name);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const created = ForeignDatabase.open(path);
    await created.run('pragma journal_mode = wal; pragma synchronous = off');
    await created.run(schema);
    return created;
  }

  run(sql: string): Promise<void> {
    return new Promise((done, fail) => {
      this.#database.exec(sql, (error) => (error ? fail(error) : done()));
    });
  }

  async insert(table: string, ...rows: Record<string, Value>[]): Promise<void> {
    for (const row of rows) {
      const names = Object.keys(row).map((name) => `"${name}"`);
      const sql = `insert into "${table}" (${names.join()}) values (${names.map(() => '?').join()})`;
      await new Promise<void>((done, fail) => {
        this.#database.run(sql, Object.values(row), (error) => (error ? fail(error) : done()));
      });
    }
  }

  close(): Promise<void> {
    return new Promise((done) => this.#database.close(() => done()));
  }
}

/** The bytes of a database with these rows, which are inserted in this order. */
export async function databaseBytes(
  schema: string,
  rows: readonly (readonly [table: string, row: Record<string, Value>])[],
): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-test-'));
  try {
    const database = await ForeignDatabase.create(folder, 'written.db', schema);
    await database.run('begin');
    for (const [table, row] of rows) await database.insert(table, row);
    await database.run('commit');
    await database.close();
    return readFileSync(database.path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The bytes of a database after these statements. */
export async function changedDatabase(bytes: Uint8Array, sql: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-test-'));
  try {
    const path = join(folder, 'changed.db');
    writeFileSync(path, bytes);
    const database = ForeignDatabase.open(path);
    await database.run(sql);
    await database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
