import { checksum } from './checksum.ts';
import { sessionFieldColumns, valuesOfNewer, type SessionColumns } from './field-columns.ts';
import type { SessionRow } from './rows.ts';

/**
 * The seals that check a session: one for the columns that only an update changes, and one for each
 * column that every message may change. Null until the first change of a session that an earlier
 * version stored.
 */
export const sealColumns = [
  ...(['seal', 'counts_sum', 'spent_sum', 'updated_check', 'preview_seal'] as const),
] satisfies (keyof SessionRow)[];

export type Seals = Pick<SessionRow, (typeof sealColumns)[number]>;

type SealedColumns = SessionColumns &
  Pick<SessionRow, 'forked_from_session' | 'forked_from_message'>;

/** The columns that the first rule sums before the tags. Their order never changes. */
const firstColumns = [
  ...(['id', 'handle', 'title', 'provider', 'model', 'system_prompt'] as const),
  ...(['working_directory', 'pinned', 'archived', 'forked_from_session'] as const),
  ...(['forked_from_message', 'owner', 'metadata', 'created_at'] as const),
] satisfies (keyof SealedColumns)[];
const known: ReadonlySet<string> = new Set(firstColumns);
const newerColumns = sessionFieldColumns.filter(
  ({ column, setBy }) => (setBy === 'create' || setBy === 'update') && !known.has(column),
);

/**
 * A checksum of the columns that only an update changes. `tags` are in their stored form, in any
 * order.
 */
export function sealSession(row: SealedColumns, tags: readonly string[]): string {
  return checksum([
    ...firstColumns.map((column) => row[column]),
    ...[...tags].sort(),
    ...valuesOfNewer(newerColumns, row),
  ]);
}

export function sealPreview(preview: string | null): string {
  return checksum([preview]);
}

/** Sums, so that an update can add to the figures. */
export function sumCounts(row: Pick<SessionRow, 'message_count' | 'turn_count'>): number {
  return row.message_count + row.turn_count;
}

export function sumSpent(
  row: Pick<SessionRow, 'input_tokens' | 'output_tokens' | 'cost_nano_usd' | 'unpriced_count'>,
): number {
  return row.input_tokens + row.output_tokens + row.cost_nano_usd + row.unpriced_count;
}

export function isSealIntact(
  row: SealedColumns & Pick<SessionRow, 'seal'>,
  tags: readonly string[],
): boolean {
  return row.seal === null || row.seal === sealSession(row, tags);
}

export function areFiguresIntact(row: FigureRow): boolean {
  const { counts_sum, spent_sum, updated_check, preview_seal } = row;
  return (
    (counts_sum === null || counts_sum === sumCounts(row)) &&
    (spent_sum === null || spent_sum === sumSpent(row)) &&
    (updated_check === null || updated_check === row.updated_at) &&
    (preview_seal === null || preview_seal === sealPreview(row.preview))
  );
}

type FigureRow = Omit<Seals, 'seal'> &
  Pick<SessionRow, 'message_count' | 'turn_count' | 'input_tokens' | 'output_tokens'> &
  Pick<SessionRow, 'cost_nano_usd' | 'unpriced_count' | 'updated_at' | 'preview'>;
