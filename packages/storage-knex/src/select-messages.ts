import type { Knex } from 'knex';
import type { MessageRow } from './rows.ts';
import type { Tables } from './tables.ts';

const FRACTIONS = ['latency_ms', 'time_to_first_token_ms'] as const;

/**
 * Some columns of a query over messages, in the fastest form for the database; `shortened` gives
 * an SQL expression for each column of which a part is enough.
 */
export async function selectMessages<Column extends keyof MessageRow>(
  { query, dialect }: Tables,
  messages: Knex.QueryBuilder<MessageRow>,
  columns: readonly Column[],
  shortened: Partial<Record<Column, string>> = {},
): Promise<Pick<MessageRow, Column>[]> {
  type Row = Pick<MessageRow, Column>;
  if (dialect.jsonObjectFunction === null) {
    const selected = columns.map((column) =>
      shortened[column] ? query.raw(`${shortened[column]} as ${column}`) : column,
    );
    const rows: unknown = await messages.select(...selected);
    return rows as Row[];
  }
  const fractions = FRACTIONS.filter((column) => columns.includes(column as Column));
  const inJson = (column: Column) =>
    shortened[column] ??
    (fractions.some((one) => one === column) ? dialect.fractionInJson(column) : column);
  const pairs = columns.map((column) => `'${column}', ${inJson(column)}`).join(', ');
  const row = query.raw(`${dialect.jsonObjectFunction}(${pairs}) as row`);
  const rows: unknown = await messages.select(row);
  return (rows as { row: string }[]).map((read) => {
    const parsed = JSON.parse(read.row) as Record<string, unknown>;
    for (const column of fractions) {
      if (typeof parsed[column] === 'string') parsed[column] = Number(parsed[column]);
    }
    return parsed as Row;
  });
}
