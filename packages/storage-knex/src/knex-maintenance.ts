import {
  InvalidDataError,
  type CheckFinding,
  type SchemaStatus,
  type StoreMaintenance,
  type StorePlace,
} from '@synapse/core';
import type { CheckOptions, FileBackup, StoreInfo, TableSize } from '@synapse/core/store-kit';
import { checkContent } from './check-content.ts';
import { checkFigures } from './check-figures.ts';
import { checkReferences } from './check-references.ts';
import { checkSessions } from './check-sessions.ts';
import { checkTurns } from './check-turns.ts';
import type { Database } from './database.ts';
import { readSchemaStatus } from './migrate.ts';
import type { Rows } from './rows.ts';
import type { Tables } from './tables.ts';

export class KnexMaintenance implements StoreMaintenance {
  readonly #database: Database;
  readonly #location: string;

  constructor(database: Database, location: string) {
    this.#database = database;
    this.#location = location;
  }

  info(): Promise<StoreInfo> {
    return this.#database.read(async (tables) => ({
      ...(await this.#placeOf(tables)),
      engineVersion: await tables.dialect.engineVersion(tables.query),
      schemaVersion: await tables.dialect.readSchemaVersion(tables.query),
      sessionCount: await countRows(tables, 'sessions'),
      messageCount: await countRows(tables, 'messages'),
    }));
  }

  place(): Promise<StorePlace> {
    return this.#database.read((tables) => this.#placeOf(tables));
  }

  schema(): Promise<SchemaStatus> {
    return this.#database.read(readSchemaStatus);
  }

  async rollBack(): Promise<SchemaStatus> {
    const { applied } = await this.schema();
    if (applied.length === 0) {
      throw new InvalidDataError('There is no migration left to revert.');
    }
    await this.#database.revertSchema();
    return this.schema();
  }

  async check(options: CheckOptions = {}): Promise<CheckFinding[]> {
    return [
      ...(await this.#database.read(({ dialect, query }) => dialect.checkEngine(query))),
      ...(await checkContent(this.#database, options)),
      ...(await checkSessions(this.#database)),
      ...(await checkFigures(this.#database)),
      ...(await checkTurns(this.#database)),
      ...(await checkReferences(this.#database, options)),
    ];
  }

  sizes(): Promise<TableSize[]> {
    return this.#database.read(async ({ dialect, query }) =>
      (await dialect.sizes(query)).sort((a, b) => b.byteSize - a.byteSize),
    );
  }

  vacuum(): Promise<void> {
    return this.#database.read(({ dialect, query }) => dialect.vacuum(query));
  }

  analyze(): Promise<void> {
    return this.#database.read(({ dialect, query }) => dialect.analyze(query));
  }

  get fileBackup(): FileBackup | null {
    return this.#database.dialect.fileBackup;
  }

  async #placeOf({ dialect, query }: Tables): Promise<StorePlace> {
    const byteSize = await dialect.byteSize(query);
    return { engine: dialect.engine, location: this.#location, byteSize };
  }
}

async function countRows(tables: Tables, name: keyof Rows): Promise<number> {
  const rows: { count?: number | string }[] = await tables.from(name).count({ count: '*' });
  return Number(rows[0]?.count ?? 0);
}
