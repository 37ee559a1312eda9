import type { Knex } from 'knex';
import type { MessageRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** Some columns of a query over messages, in the way that the database reads fastest. */
export async function selectMessages<Column extends keyof MessageRow>(
  { query, dialect }: Tables,
  messages: Knex.QueryBuilder<MessageRow>,
  columns: readonly Column[],
): Promise<Pick<MessageRow, Column>[]> {
  type Row = Pick<MessageRow, Column>;
  if (dialect.jsonObjectFunction === null) {
    const rows: unknown = await messages.select(...columns);
    return rows as Row[];
  }
  const pairs = columns.map((column) => `'${column}', ${column}`).join(', ');
  const row = query.raw(`${dialect.jsonObjectFunction}(${pairs}) as row`);
  const rows: unknown = await messages.select(row);
  return (rows as { row: string }[]).map((read) => JSON.parse(read.row) as Row);
}
