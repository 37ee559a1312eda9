import { SynapseError, type Clock, type Logger, type Store } from '@synapse/core';
import {
  createKnexStore,
  migrate,
  refuseSchemaMismatch,
  SCHEMA_VERSION,
  type SqlDialect,
} from '@synapse/storage-knex';
import type { Knex } from 'knex';
import { backUp } from './back-up.ts';
import { createSqliteKnex } from './create-sqlite-knex.ts';
import { settleExchange } from './exchange-database.ts';
import { followLink } from './follow-link.ts';
import { setJournalMode, wantedJournalMode } from './journal-mode.ts';
import { loadDrivers } from './load-drivers.ts';
import { withMigrationLock } from './migration-lock.ts';
import { prepareFile } from './prepare-file.ts';
import { toStorageError } from './to-storage-error.ts';
import { refuseLostLog, refuseSecondName } from './refuse-odd-file.ts';

export interface SqliteStoreOptions {
  /** The file, or `:memory:` for a database that ends with its store. */
  path: string;
  /** Whether to create a missing folder of the file; true by default. */
  makesFolder?: boolean | undefined;
  clock?: Pick<Clock, 'now'> | undefined;
  logger?: Logger | undefined;
  /** Called with a sentence that the user should read. */
  onNotice?: ((text: string) => void) | undefined;
}

/** Opens the database, and creates or migrates it first if necessary. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const isInMemory = options.path === ':memory:';
  const path = isInMemory ? options.path : followLink(options.path);
  const drivers = await loadDrivers();
  if (!isInMemory) {
    const notice = await settleExchange(drivers.sqlite3, path, nowOf(options));
    if (notice !== undefined) options.onNotice?.(notice);
    refuseLostLog(path);
    prepareFile(path, { logger: options.logger, makesFolder: options.makesFolder ?? true });
    refuseSecondName(path);
  }
  const { knex, dialect, factsOf, file } = createSqliteKnex(drivers, path, options.logger);

  try {
    const version = await dialect.readSchemaVersion(knex);
    if (version === SCHEMA_VERSION) await refuseSchemaMismatch(knex, dialect, path);
    const { journalMode } = factsOf() ?? {};
    if (isInMemory) await migrate(knex, dialect);
    else if (version < SCHEMA_VERSION || journalMode !== wantedJournalMode(path)) {
      await withMigrationLock(drivers.sqlite3, path, () => setUp(knex, dialect, path, options));
      file?.noteConnection();
    }
    return createKnexStore(knex, dialect, path);
  } catch (error) {
    await knex.destroy();
    throw error instanceof SynapseError ? error : (toStorageError(error, path) ?? error);
  }
}

async function setUp(
  knex: Knex,
  dialect: SqlDialect,
  path: string,
  options: SqliteStoreOptions,
): Promise<void> {
  await setJournalMode(knex, wantedJournalMode(path), options.logger);
  const version = await dialect.readSchemaVersion(knex);
  if (version > 0 && version < SCHEMA_VERSION) await backUp(knex, path, version, nowOf(options));
  await migrate(knex, dialect);
}

function nowOf({ clock }: SqliteStoreOptions): Date {
  return clock?.now() ?? new Date();
}
