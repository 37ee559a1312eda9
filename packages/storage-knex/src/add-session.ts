import {
  addFigures,
  checkOrder,
  figuresOf,
  noFigures,
  previewFrom,
  type Message,
  type Session,
} from '@synapse/core';
import { insertMessages } from './append-messages.ts';
import { insertSession } from './create-session.ts';
import { hashesOf, holdAttachments } from './hold-attachments.ts';
import { toFigureColumns, toListColumns } from './session-rows.ts';
import type { Tables } from './tables.ts';

export async function addSession(
  tables: Tables,
  session: Session,
  pages: AsyncIterable<readonly Message[]>,
): Promise<void> {
  const { id } = session;
  await insertSession(tables, session);
  let figures = noFigures;
  let preview: string | null = null;
  let lastSeq = 0;
  for await (const page of pages) {
    checkOrder(id, lastSeq, page);
    await insertMessages(
      tables,
      page.map((message) => ({ ...message, sessionId: id })),
    );
    await holdAttachments(tables, id, hashesOf(page));
    figures = page.map(figuresOf).reduce(addFigures, figures);
    preview = page.map(({ parts }) => previewFrom(parts)).findLast(Boolean) ?? preview;
    lastSeq = page.at(-1)?.seq ?? lastSeq;
  }
  await tables
    .from('sessions')
    .where('id', id)
    .update({
      next_seq: lastSeq + 1,
      ...toFigureColumns(figures),
      ...toListColumns({ ...session, preview }),
    });
}
