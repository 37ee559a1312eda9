import type { Knex } from 'knex';
import type { SqlDialect, RunSql, SqlValue } from './dialect.ts';

interface Connection {
  /** Makes Knex discard this connection. */
  __knex__disposed?: unknown;
}

/** The private method with which Knex runs its own statements. */
interface Client {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
  query(
    connection: unknown,
    query: { sql: string; bindings: readonly SqlValue[] },
  ): Promise<{ response: { rows: object[] } }>;
}

/**
 * A transaction of finished SQL. Knex's own transactions and query building cost more time than the
 * database needs to make a row durable.
 */
export function inRawTransaction<T>(
  knex: Knex,
  dialect: SqlDialect,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  return onConnection(knex, dialect, async (run, connection) => {
    try {
      await run('BEGIN;');
      const result = await work(run);
      await run('COMMIT;');
      return result;
    } catch (error) {
      await run('ROLLBACK').catch((reason: unknown) => {
        connection.__knex__disposed = reason;
      });
      throw error;
    }
  });
}

/** For a single statement of finished SQL, which is a transaction by itself. */
export async function onConnection<T>(
  knex: Knex,
  dialect: SqlDialect,
  work: (run: RunSql, connection: Connection) => Promise<T>,
): Promise<T> {
  const client = knex.client as Client;
  const connection = await client.acquireConnection();
  try {
    return await work(dialect.runnerOn(connection, knex), connection);
  } finally {
    await client.releaseConnection(connection);
  }
}

/** Set by Knex, for drivers whose answer has `rows`. */
export function knexRunnerOn(connection: unknown, knex: Knex): RunSql {
  const client = knex.client as Client;
  return async <Row>(sql: string, values: readonly SqlValue[] = []) => {
    const { response } = await client.query(connection, { sql, bindings: values });
    return response.rows as Row[];
  };
}
