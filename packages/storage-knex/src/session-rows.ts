import type { JsonObject, Session, SessionFigures } from '@synapse/core';
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
import type { SessionRow } from './rows.ts';
import { sealPreview, sealSession, sumCounts, sumSpent } from './seal-session.ts';
import {
  fromStoredText,
  fromStoredTextOrNull,
  toStoredText,
  toStoredTextOrNull,
} from './stored-text.ts';

/** What a session is made of again; not what it is filtered, numbered and held by. */
export const sessionColumns = [
  ...(['id', 'handle', 'title', 'provider', 'model', 'system_prompt', 'preview'] as const),
  ...(['working_directory', 'pinned', 'archived', 'deleted_at', 'owner', 'metadata'] as const),
  ...(['forked_from_session', 'forked_from_message', 'created_at', 'updated_at'] as const),
  ...(['message_count', 'turn_count', 'input_tokens', 'output_tokens'] as const),
  ...(['cost_nano_usd', 'unpriced_count'] as const),
] satisfies (keyof SessionRow)[];

type ReadRow = Pick<SessionRow, (typeof sessionColumns)[number]>;

/** `tags` is a JSON array of stored texts, or null for none. */
export type SessionRowWithTags = ReadRow & { tags: string | null };

export function toSessionRow(session: Session): SessionRow {
  const row = toPlainRow(session);
  return { ...row, seal: sealSession(row, session.tags.map(toStoredText)) };
}

function toPlainRow(session: Session): Omit<SessionRow, 'seal'> {
  return {
    id: session.id,
    handle: toStoredTextOrNull(session.handle),
    title: toStoredTextOrNull(session.title),
    provider: toStoredTextOrNull(session.provider),
    model: toStoredTextOrNull(session.model),
    system_prompt: toStoredTextOrNull(session.systemPrompt),
    working_directory: toStoredTextOrNull(session.workingDirectory),
    pinned: session.pinned ? 1 : 0,
    archived: session.archived ? 1 : 0,
    deleted_at: session.deletedAt?.getTime() ?? null,
    purged: 0,
    forked_from_session: session.forkedFrom?.sessionId ?? null,
    forked_from_message: session.forkedFrom?.messageId ?? null,
    owner: toStoredTextOrNull(session.owner),
    metadata: JSON.stringify(session.metadata),
    created_at: session.createdAt.getTime(),
    ...toUpdatedColumns(session.updatedAt.getTime()),
    next_seq: 1,
    ...toMarkColumns(noTally),
    ...toFigureColumns(session),
    ...toListColumns(session),
    lease_token: 0,
    lease_holder: null,
    lease_expires_at: null,
  };
}

export function fromSessionRow(row: SessionRowWithTags): Session {
  const tags = row.tags === null ? [] : (JSON.parse(row.tags) as string[]);
  return {
    id: row.id,
    handle: fromStoredTextOrNull(row.handle),
    title: fromStoredTextOrNull(row.title),
    provider: fromStoredTextOrNull(row.provider),
    model: fromStoredTextOrNull(row.model),
    systemPrompt: fromStoredTextOrNull(row.system_prompt),
    workingDirectory: fromStoredTextOrNull(row.working_directory),
    pinned: row.pinned === 1,
    archived: row.archived === 1,
    tags: tags.map(fromStoredText).sort(),
    deletedAt: row.deleted_at === null ? null : new Date(row.deleted_at),
    forkedFrom:
      row.forked_from_session === null
        ? null
        : { sessionId: row.forked_from_session, messageId: row.forked_from_message },
    owner: fromStoredTextOrNull(row.owner),
    metadata: JSON.parse(row.metadata) as JsonObject,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    ...figuresOfRow(row),
    preview: fromStoredTextOrNull(row.preview),
  };
}

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

/** What a session keeps about all its messages; what it has spent is in the ledger. */
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

/** The preview and, because the preview is part of it, the text that the list is filtered by. */
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
