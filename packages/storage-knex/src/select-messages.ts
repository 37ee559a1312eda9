import type { Knex } from 'knex';
import { messageColumns, type ReadRow } from './message-rows.ts';
import type { MessageRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** The rows of a query over messages, in the way that the database reads fastest. */
export async function selectMessages(
  { query, dialect }: Tables,
  messages: Knex.QueryBuilder<MessageRow>,
): Promise<ReadRow[]> {
  if (dialect.jsonObjectFunction === null) {
    const rows: unknown = await messages.select(...messageColumns);
    return rows as ReadRow[];
  }
  const pairs = messageColumns.map((column) => `'${column}', ${column}`).join(', ');
  const row = query.raw(`${dialect.jsonObjectFunction}(${pairs}) as row`);
  const rows: unknown = await messages.select(row);
  return (rows as { row: string }[]).map((read) => JSON.parse(read.row) as ReadRow);
}
