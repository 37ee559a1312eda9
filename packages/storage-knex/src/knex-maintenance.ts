import type { StoreInfo, StoreMaintenance } from '@synapse/core';
import type { Database } from './database.ts';
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
      engine: tables.dialect.engine,
      location: this.#location,
      engineVersion: await tables.dialect.engineVersion(tables.query),
      schemaVersion: await tables.dialect.readSchemaVersion(tables.query),
      sessionCount: await countRows(tables, 'sessions'),
      messageCount: await countRows(tables, 'messages'),
      byteSize: await tables.dialect.byteSize(tables.query),
    }));
  }
}

async function countRows(tables: Tables, name: keyof Rows): Promise<number> {
  const rows: { count?: number | string }[] = await tables.from(name).count({ count: '*' });
  return Number(rows[0]?.count ?? 0);
}
