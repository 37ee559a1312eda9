import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import pg from 'pg';
import { startPostgresServer, type PostgresServer } from './postgres-server.mjs';

/** The server of the test run, or one that is started for the file. */
export function usePostgres() {
  let server: PostgresServer | undefined;
  let url = process.env.SYNAPSE_TEST_POSTGRES_URL ?? '';
  const schemas: string[] = [];
  const databases: string[] = [];

  beforeAll(async () => {
    if (url !== '') return;
    server = await startPostgresServer();
    url = server.url;
  });

  afterAll(async () => {
    await runSql(url, [
      ...schemas.map((schema) => `drop schema if exists ${schema} cascade`),
      ...databases.map((name) => `drop database if exists ${name} with (force)`),
    ]);
    await server?.stop();
  });

  return {
    get url() {
      return url;
    },
    /** A name that nobody has; the schema is dropped after the tests. */
    newSchema: () => {
      const schema = `test_${randomBytes(8).toString('hex')}`;
      schemas.push(schema);
      return schema;
    },
    /** The address of an empty database, which is dropped after the tests. */
    newDatabase: async () => {
      const name = `test_${randomBytes(8).toString('hex')}`;
      databases.push(name);
      await runSql(url, [`create database ${name}`]);
      return Object.assign(new URL(url), { pathname: `/${name}` }).href;
    },
    run: (...statements: string[]) => runSql(url, statements),
  };
}

async function runSql(url: string, statements: readonly string[]): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: unknown[][] = [];
    for (const statement of statements) results.push((await client.query(statement)).rows);
    return results;
  } finally {
    await client.end();
  }
}
