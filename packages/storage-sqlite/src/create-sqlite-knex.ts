import type { Logger } from '@synapse/core';
import { commonKnexOptions, type SqlDialect } from '@synapse/storage-knex';
import type { Knex } from 'knex';
import type { Database } from 'sqlite3';
import { configureConnection, type ConnectionFacts } from './configure-connection.ts';
import { closeConnection, openConnection } from './connection.ts';
import { DatabaseFile } from './database-file.ts';
import type { Drivers } from './load-drivers.ts';
import { finalizeStatements } from './prepared-statements.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

export interface SqliteKnex {
  knex: Knex;
  dialect: SqlDialect;
  /** The findings of the newest connection; undefined before the first query. */
  factsOf: () => ConnectionFacts | undefined;
  /** Undefined for a database in memory. */
  file: DatabaseFile | undefined;
}

/** Knex with one connection, which is opened again after an error. */
export function createSqliteKnex(drivers: Drivers, path: string, logger?: Logger): SqliteKnex {
  const failed = new WeakSet<Database>();
  const file = path === ':memory:' ? undefined : new DatabaseFile(path);
  let current: { connection: Database; facts: ConnectionFacts } | undefined;

  const configure = async (connection: Database): Promise<void> => {
    try {
      current = { connection, facts: await configureConnection(connection, path) };
      file?.noteConnection();
      file?.check();
    } catch (error) {
      await closeConnection(connection);
      throw error;
    }
  };
  const knex = drivers.knex({
    ...commonKnexOptions(logger),
    client: 'sqlite3',
    connection: { filename: path },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate: (connection: Database, done: (error?: unknown) => void) => {
        configure(connection).then(() => done(), done);
      },
      validate: (connection: Database) => !failed.has(connection),
    },
  });
  const client = knex.client as {
    acquireRawConnection(): Promise<Database>;
    destroyRawConnection(connection: Database): Promise<void>;
  };
  // Otherwise Knex would let SQLite create a removed file again.
  const { OPEN_READWRITE } = drivers.sqlite3;
  if (file) {
    client.acquireRawConnection = () => openConnection(drivers.sqlite3, path, OPEN_READWRITE);
  }
  client.destroyRawConnection = (connection) => {
    finalizeStatements(connection);
    return closeConnection(connection);
  };
  // After a failed write, the cached pages may differ from the disk: reopen the connection.
  // A database in memory cannot be reopened.
  const dialect = createSqliteDialect(path, file, (error) => {
    const isRefusal = (error as { code?: unknown }).code === 'SQLITE_CONSTRAINT';
    if (current && !isRefusal && path !== ':memory:') failed.add(current.connection);
  });
  return { knex, dialect, factsOf: () => current?.facts, file };
}
