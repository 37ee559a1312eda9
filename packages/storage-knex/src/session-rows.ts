import type { Session, SessionChange, SessionFigures } from '@synapse/core';
import {
  foldCase,
  listTextOf,
  noCounts,
  noneSpent,
  noTally,
  type MessageCounts,
  type SpentFigures,
  type Tally,
  type TurnMarks,
} from '@synapse/core/store-kit';
import {
  columnsMaker,
  fieldsMaker,
  sessionFieldColumns,
  type SessionColumns,
} from './field-columns.ts';
import type { SessionRow } from './rows.ts';
import { sealPreview, sealSession, sumCounts, sumSpent } from './seal-session.ts';
import { fromStoredText, toStoredText, toStoredTextOrNull } from './stored-text.ts';

/** The columns to build a session, without those for filtering, numbering and locking. */
export const sessionColumns = [
  ...(sessionFieldColumns.map(({ column }) => column) as (keyof SessionColumns)[]),
  ...(['forked_from_session', 'forked_from_message'] as const),
];

type ReadRow = Pick<SessionRow, (typeof sessionColumns)[number]>;

/** `tags` is a JSON array of stored texts, or null for none. */
export type SessionRowWithTags = ReadRow & { tags: string | null };

export function toSessionRow(session: Session): SessionRow {
  const row = toPlainRow(session);
  return { ...row, seal: sealSession(row, session.tags.map(toStoredText)) };
}

const toColumns = columnsMaker(sessionFieldColumns);
const fromColumns = fieldsMaker(sessionFieldColumns, ['tags', 'forkedFrom']);

function toPlainRow(session: Session): Omit<SessionRow, 'seal'> {
  return {
    forked_from_session: session.forkedFrom?.sessionId ?? null,
    forked_from_message: session.forkedFrom?.messageId ?? null,
    purged: 0,
    ...toUpdatedColumns(session.updatedAt.getTime()),
    next_seq: 1,
    ...toMarkColumns(noTally),
    ...toFigureColumns(session),
    ...toListColumns(session),
    lease_token: 0,
    lease_holder: null,
    lease_expires_at: null,
    lease_requested: null,
    ...(toColumns(session) as SessionColumns),
  };
}

export function fromSessionRow(row: SessionRowWithTags): Session {
  const session = fromColumns(row) as Session;
  const tags = row.tags === null ? [] : (JSON.parse(row.tags) as string[]);
  session.tags = tags.map(fromStoredText).sort();
  const { forked_from_session: sessionId, forked_from_message: messageId } = row;
  session.forkedFrom = sessionId === null ? null : { sessionId, messageId };
  return session;
}

const changeable = sessionFieldColumns.filter(({ setBy }) => setBy === 'update');

export function toChangedColumns(change: SessionChange): Partial<SessionColumns> {
  const given = change as Record<string, unknown>;
  const changed = changeable.filter(({ name }) => given[name] !== undefined);
  return columnsMaker(changed)(change);
}

/** The fields that a session takes from a copy with newer messages; its handle stays. */
export const toAdoptedColumns: (session: Session) => Partial<SessionColumns> = columnsMaker(
  changeable.filter(({ name }) => name !== 'handle'),
);

export function figuresOfRow(
  row: Pick<
    SessionRow,
    Exclude<keyof CountColumns | keyof SpentColumns, 'counts_sum' | 'spent_sum'>
  >,
): SessionFigures {
  return {
    messageCount: row.message_count,
    turnCount: row.turn_count,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costNanoUsd: row.cost_nano_usd,
    unpricedCount: row.unpriced_count,
  };
}

export type CountColumns = ReturnType<typeof toCountColumns>;
export type SpentColumns = ReturnType<typeof toSpentColumns>;

export function toFigureColumns(figures: SessionFigures) {
  return { ...toCountColumns(figures), ...toSpentColumns(figures) };
}

export function toCountColumns(counts: MessageCounts) {
  const columns = { message_count: counts.messageCount, turn_count: counts.turnCount };
  return { ...columns, counts_sum: sumCounts(columns) };
}

function toSpentColumns(figures: SpentFigures) {
  const columns = {
    input_tokens: figures.inputTokens,
    output_tokens: figures.outputTokens,
    cost_nano_usd: figures.costNanoUsd,
    unpriced_count: figures.unpricedCount,
  };
  return { ...columns, spent_sum: sumSpent(columns) };
}

export function toUpdatedColumns(updatedAtMs: number) {
  return { updated_at: updatedAtMs, updated_check: updatedAtMs };
}

export function marksOfRow(
  row: Pick<SessionRow, 'last_turn' | 'current_turn' | 'current_variant_of'>,
): TurnMarks {
  return { lastTurn: row.last_turn, turn: row.current_turn, variantOf: row.current_variant_of };
}

export function toMarkColumns({ lastTurn, turn, variantOf }: TurnMarks) {
  return { last_turn: lastTurn, current_turn: turn, current_variant_of: variantOf };
}

/** The figures of a session about its messages; its cost is in the ledger. */
export function toTallyColumns(session: Session, tally: Tally): Partial<SessionRow> {
  return {
    next_seq: tally.lastSeq + 1,
    ...toCountColumns(tally.counts),
    ...toMarkColumns(tally),
    ...toListColumns({ ...session, preview: tally.preview }),
  };
}

export const noCountColumns = toCountColumns(noCounts);

export const noneSpentColumns = toSpentColumns(noneSpent);

/** The preview, and the text that the filter of a list searches, which contains the preview. */
export function toListColumns(session: Pick<Session, 'handle' | 'title' | 'preview'>) {
  return {
    list_text: toStoredText(listTextOf({ ...session, preview: null })),
    ...toPreviewColumns(session.preview),
  };
}

export function toPreviewColumns(preview: string | null) {
  const stored = toStoredTextOrNull(preview);
  return {
    preview: stored,
    preview_text: toStoredText(foldCase(preview ?? '')),
    preview_seal: sealPreview(stored),
  };
}
