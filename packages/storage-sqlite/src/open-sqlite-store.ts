import { resolve } from 'node:path';
import { SynapseError, type Clock, type Logger, type Store } from '@synapse/core';
import {
  createKnexStore,
  migrate,
  refuseSchemaMismatch,
  SCHEMA_VERSION,
  type Dialect,
} from '@synapse/storage-knex';
import type { Knex } from 'knex';
import { backUp } from './back-up.ts';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { setJournalMode, wantedJournalMode } from './journal-mode.ts';
import { loadDrivers } from './load-drivers.ts';
import { withMigrationLock } from './migration-lock.ts';
import { prepareFile } from './prepare-file.ts';

export interface SqliteStoreOptions {
  /** The file, or `:memory:` for a database that goes with its store. */
  path: string;
  clock?: Pick<Clock, 'now'> | undefined;
  logger?: Logger | undefined;
}

/** Opens the database, and makes or migrates it first where that is due. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const isInMemory = options.path === ':memory:';
  const path = isInMemory ? options.path : resolve(options.path);
  if (!isInMemory) prepareFile(path, options.logger);
  const drivers = await loadDrivers();
  const { knex, dialect, factsOf } = createSqliteKnex(drivers, path, options.logger);

  try {
    const version = await dialect.readSchemaVersion(knex);
    if (version === SCHEMA_VERSION) await refuseSchemaMismatch(knex, dialect, path);
    const { journalMode } = factsOf() ?? {};
    if (isInMemory) await migrate(knex, dialect);
    else if (version < SCHEMA_VERSION || journalMode !== wantedJournalMode(path)) {
      await withMigrationLock(drivers.sqlite3, path, () => setUp(knex, dialect, path, options));
    }
    return createKnexStore(knex, dialect, path);
  } catch (error) {
    await knex.destroy();
    throw error instanceof SynapseError ? error : (dialect.toStorageError(error) ?? error);
  }
}

async function setUp(
  knex: Knex,
  dialect: Dialect,
  path: string,
  { clock, logger }: SqliteStoreOptions,
): Promise<void> {
  await setJournalMode(knex, wantedJournalMode(path), logger);
  const version = await dialect.readSchemaVersion(knex);
  const now = clock?.now() ?? new Date();
  if (version > 0 && version < SCHEMA_VERSION) await backUp(knex, path, version, now);
  await migrate(knex, dialect);
}
