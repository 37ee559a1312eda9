import type { RunSql } from '@synapse/storage-knex';
import type { Database, Statement } from 'sqlite3';
import { BUSY_TIMEOUT_MS } from './configure-connection.ts';
import { execute } from './connection.ts';

const LOOK_OFTEN_MS = 60;

const prepared = new WeakMap<Database, Map<string, Statement>>();

/**
 * Runs SQL on a connection and keeps the prepared statements: preparing them, with all triggers,
 * takes a third of the time of a durable append. SQLite itself prepares them again when the schema
 * changes.
 */
export function preparedRunnerOn(connection: Database): RunSql {
  return async <Row>(sql: string, values?: readonly (string | number | null)[]) => {
    if (!values) {
      if (sql === 'BEGIN;') await begin(connection);
      else await execute(connection, sql);
      return [];
    }
    const statement = await prepare(connection, sql);
    return new Promise<Row[]>((resolve, reject) => {
      statement.all<Row>(values, (error, rows) => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
  };
}

/**
 * While SQLite waits, it checks the lock less and less often, in the end every 100 ms. Among many
 * processes with short waits it may not find the lock free in 10 s. Restarting the wait makes it
 * check ten times as often.
 */
async function begin(connection: Database): Promise<void> {
  const start = performance.now();
  for (;;) {
    try {
      await execute(
        connection,
        `pragma busy_timeout = ${LOOK_OFTEN_MS}; begin immediate; pragma busy_timeout = ${BUSY_TIMEOUT_MS}`,
      );
      return;
    } catch (error) {
      const isBusy = (error as { code?: unknown }).code === 'SQLITE_BUSY';
      if (isBusy && performance.now() - start < BUSY_TIMEOUT_MS) continue;
      await execute(connection, `pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
      throw error;
    }
  }
}

/** A connection can't be closed while a statement is open. */
export function finalizeStatements(connection: Database): void {
  for (const statement of prepared.get(connection)?.values() ?? []) statement.finalize();
  prepared.delete(connection);
}

async function prepare(connection: Database, sql: string): Promise<Statement> {
  const statements = prepared.get(connection) ?? new Map<string, Statement>();
  prepared.set(connection, statements);
  const known = statements.get(sql);
  if (known) return known;
  const statement = await new Promise<Statement>((resolve, reject) => {
    const made: Statement = connection.prepare(sql, (error: Error | null) => {
      if (error) reject(error);
      else resolve(made);
    });
  });
  statements.set(sql, statement);
  return statement;
}
