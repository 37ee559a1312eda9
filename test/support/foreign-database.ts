import { rmSync } from 'node:fs';
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

  static async create(folder: string, name: string, schema: string): Promise<ForeignDatabase> {
    const path = join(folder, name);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    const created = new ForeignDatabase(path, new sqlite3.Database(path));
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
