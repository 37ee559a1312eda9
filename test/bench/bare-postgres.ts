import pg from 'pg';

export interface BarePostgres {
  rows(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** The driver with nothing around it. */
export async function openBarePostgres(url: string): Promise<BarePostgres> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    rows: async (sql, values = []) =>
      (await client.query<Record<string, unknown>>(sql, [...values])).rows,
    close: () => client.end(),
  };
}
