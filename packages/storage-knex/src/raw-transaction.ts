import type { Knex } from 'knex';

type Value = string | number | null;
export type RunSql = <Row>(sql: string, values?: readonly Value[]) => Promise<Row[]>;

interface Connection {
  /** Tells Knex to make a new one instead. */
  __knex__disposed?: unknown;
}

/** What Knex itself runs its statements with. */
interface Client {
  acquireConnection(): Promise<Connection>;
  releaseConnection(connection: Connection): Promise<void>;
  query(
    connection: Connection,
    query: { sql: string; bindings: readonly Value[] },
  ): Promise<{ response: object[] | { rows: object[] } }>;
}

/**
 * A transaction of finished SQL, with `?` for the values. Knex's own, and making the statements anew,
 * cost more time than the database takes to make a row durable.
 */
export async function inRawTransaction<T>(
  knex: Knex,
  work: (run: RunSql) => Promise<T>,
): Promise<T> {
  const client = knex.client as Client;
  const connection = await client.acquireConnection();
  const run: RunSql = async <Row>(sql: string, values: readonly Value[] = []) => {
    const { response } = await client.query(connection, { sql, bindings: values });
    return ('rows' in response ? response.rows : response) as Row[];
  };
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
  } finally {
    await client.releaseConnection(connection);
  }
}
