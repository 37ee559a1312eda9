import type { Lease, Message, NewMessage } from '@synapse/core';
import {
  beginVariant,
  continueVariant,
  ledgerEntryOf,
  planAppend,
  previewFrom,
  type AppendPlan,
  type AppendVariant,
  type VariantPlace,
} from '@synapse/core/store-kit';
import { chooseIn } from './choose-variant.ts';
import { readFirstInactive, readNewestPreview } from './find-messages.ts';
import { hashesOf, holdAwaited } from './hold-attachments.ts';
import { inChunks } from './in-chunks.ts';
import { readEntries, storeEntries } from './ledger.ts';
import { toMessageRow, verifiedMessage } from './message-rows.ts';
import { nextRevision } from './revision.ts';
import type { MessageRow, SessionRow } from './rows.ts';
import {
  figuresOfRow,
  marksOfRow,
  toFigureColumns,
  toMarkColumns,
  toPreviewColumns,
  toUpdatedColumns,
} from './session-rows.ts';
import { lockForMessages, lockSession } from './stored-sessions.ts';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_INSERT = 100;

export async function appendMessages(
  tables: Tables,
  sessionId: string,
  messages: readonly NewMessage[],
  lease: Lease | null,
  place?: VariantPlace,
): Promise<Message[]> {
  const row = await lockForMessages(tables, sessionId, lease);
  const stored = await appendTo(tables, row, messages, place);
  if (!place || !('turn' in place) || !place.isChosen) return stored;
  await chooseIn(tables, await lockSession(tables, sessionId), place.turn);
  return stored.map((message) => ({ ...message, active: true }));
}

async function appendTo(
  tables: Tables,
  row: SessionRow,
  messages: readonly NewMessage[],
  place: VariantPlace | undefined,
): Promise<Message[]> {
  const sessionId = row.id;
  const known = {
    messages: await readKnown(tables, sessionId, messages),
    entries: await readEntries(tables, idsOfCalls(messages)),
  };
  const state = {
    ...{ sessionId, nextSeq: row.next_seq, figures: figuresOfRow(row) },
    ...marksOfRow(row),
  };
  const variant = place ? await variantAt(tables, row, place) : null;
  const plan = planAppend(state, known, messages, variant);
  const changed = [...plan.added, ...plan.replaced];
  if (changed.length === 0) return plan.messages;

  await insertRows(tables, plan.added.map(toMessageRow));
  for (const message of plan.replaced) {
    await tables.from('messages').where('id', message.id).update(toMessageRow(message));
  }
  await storeEntries(tables, plan.entries);
  await holdAwaited(tables, sessionId, hashesOf(changed));
  await tables
    .from('sessions')
    .where('id', sessionId)
    .update({
      ...nextRevision(tables),
      next_seq: plan.nextSeq,
      ...toFigureColumns(plan.figures),
      ...toMarkColumns(plan),
      ...(plan.last && toUpdatedColumns(Math.max(row.updated_at, plan.last.createdAt.getTime()))),
      ...toPreviewColumns(await previewAfter(tables, row, plan)),
    });
  return plan.messages;
}

/** Questions have no entry in the ledger. */
function idsOfCalls(messages: readonly NewMessage[]): string[] {
  return [...new Set(messages.filter((one) => ledgerEntryOf(one, '')).map(({ id }) => id))];
}

async function variantAt(
  tables: Tables,
  row: SessionRow,
  place: VariantPlace,
): Promise<AppendVariant> {
  const marks = marksOfRow(row);
  if ('of' in place) return beginVariant(row.id, marks, place.of);
  const found =
    place.turn === marks.turn
      ? { ...marks, active: true }
      : await readFirstInactive(tables, row.id, place.turn);
  return continueVariant(row.id, marks, place.turn, found);
}

/** Messages, as they came from elsewhere, as rows of a session. */
export function rowsOf(messages: readonly Message[], sessionId: string): MessageRow[] {
  return messages.map((message) => toMessageRow({ ...message, sessionId }));
}

export async function insertRows(tables: Tables, rows: readonly MessageRow[]): Promise<void> {
  for (const chunk of inChunks(rows, ROWS_PER_INSERT)) await tables.from('messages').insert(chunk);
}

async function readKnown(
  tables: Tables,
  sessionId: string,
  messages: readonly NewMessage[],
): Promise<Message[]> {
  const known: Message[] = [];
  for (const chunk of inChunks(messages, 500)) {
    const ids = chunk.map(({ id }) => id);
    const rows = await tables.from('messages').where('session_id', sessionId).whereIn('id', ids);
    known.push(...rows.map((row) => verifiedMessage(tables, row, sessionId)));
  }
  return known;
}

async function previewAfter(
  tables: Tables,
  row: SessionRow,
  plan: AppendPlan,
): Promise<string | null> {
  if (plan.last?.active) {
    const preview = previewFrom(plan.last.parts);
    if (preview !== null) return preview;
  }
  if (plan.replaced.length > 0) return readNewestPreview(tables, row.id);
  const added = plan.added.map(({ active, parts }) => (active ? previewFrom(parts) : null));
  return added.findLast((preview) => preview !== null) ?? fromStoredTextOrNull(row.preview);
}
