import {
  ledgerEntryOf,
  planAppend,
  previewFrom,
  type AppendPlan,
  type Lease,
  type Message,
  type NewMessage,
} from '@synapse/core';
import { hashesOf, holdAttachments } from './hold-attachments.ts';
import { inChunks } from './in-chunks.ts';
import { readEntries, storeEntries } from './ledger.ts';
import { fromMessageRow, toMessageRow } from './message-rows.ts';
import { readNewestPreview } from './read-messages.ts';
import { lockForMessages } from './read-sessions.ts';
import type { SessionRow } from './rows.ts';
import { figuresOfRow, toFigureColumns, toPreviewColumns } from './session-rows.ts';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

const ROWS_PER_INSERT = 100;

export async function appendMessages(
  tables: Tables,
  sessionId: string,
  messages: readonly NewMessage[],
  lease: Lease | null,
): Promise<Message[]> {
  const row = await lockForMessages(tables, sessionId, lease);
  const known = {
    messages: await readKnown(tables, sessionId, messages),
    entries: await readEntries(tables, idsOfCalls(messages)),
  };
  const figures = figuresOfRow(row);
  const plan = planAppend({ sessionId, nextSeq: row.next_seq, figures }, known, messages);
  const changed = [...plan.added, ...plan.replaced];
  if (changed.length === 0) return plan.messages;

  await insertMessages(tables, plan.added);
  for (const message of plan.replaced) {
    await tables.from('messages').where('id', message.id).update(toMessageRow(message));
  }
  await storeEntries(tables, plan.entries);
  await holdAttachments(tables, sessionId, hashesOf(changed));
  await tables
    .from('sessions')
    .where('id', sessionId)
    .update({
      next_seq: plan.nextSeq,
      ...toFigureColumns(plan.figures),
      ...(plan.last && { updated_at: Math.max(row.updated_at, plan.last.createdAt.getTime()) }),
      ...toPreviewColumns(await previewAfter(tables, row, plan)),
    });
  return plan.messages;
}

/** Questions need no look into the ledger. */
function idsOfCalls(messages: readonly NewMessage[]): string[] {
  return [...new Set(messages.filter((one) => ledgerEntryOf(one, '')).map(({ id }) => id))];
}

export async function insertMessages(tables: Tables, messages: readonly Message[]): Promise<void> {
  for (const chunk of inChunks(messages, ROWS_PER_INSERT)) {
    await tables.from('messages').insert(chunk.map(toMessageRow));
  }
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
    known.push(...rows.map(fromMessageRow));
  }
  return known;
}

async function previewAfter(
  tables: Tables,
  row: SessionRow,
  plan: AppendPlan,
): Promise<string | null> {
  if (plan.last) {
    const preview = previewFrom(plan.last.parts);
    if (preview !== null) return preview;
  }
  if (plan.replaced.length > 0) return readNewestPreview(tables, row.id);
  const added = plan.added.map(({ parts }) => previewFrom(parts));
  return added.findLast((preview) => preview !== null) ?? fromStoredTextOrNull(row.preview);
}
