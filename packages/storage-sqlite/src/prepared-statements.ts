import type { RunSql } from '@synapse/storage-knex';
import type { Database, Statement } from 'sqlite3';
import { execute } from './connection.ts';

const prepared = new WeakMap<Database, Map<string, Statement>>();

/**
 * Runs SQL on a connection and keeps the statements with it: to make them anew, triggers and all, takes
 * a third of the time of a durable append. SQLite itself sees to it that they fit the schema.
 */
export function preparedRunnerOn(connection: Database): RunSql {
  return async <Row>(sql: string, values?: readonly (string | number | null)[]) => {
    if (!values) {
      await execute(connection, sql);
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

/** A connection can't be closed before. */
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
