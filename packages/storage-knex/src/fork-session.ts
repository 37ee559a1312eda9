import {
  addFigures,
  emptySession,
  figuresOf,
  MessageNotFoundError,
  newId,
  noFigures,
  previewFrom,
  type Message,
  type NewFork,
  type Session,
} from '@synapse/core';
import { insertMessages } from './append-messages.ts';
import { insertSession } from './create-session.ts';
import { hashesOf, holdAttachments } from './hold-attachments.ts';
import { readMessage, readMessages } from './read-messages.ts';
import { lockSession, requireSession } from './read-sessions.ts';
import { toFigureColumns, toListColumns } from './session-rows.ts';
import type { Tables } from './tables.ts';

const MESSAGES_PER_PAGE = 200;

export async function forkSession(
  tables: Tables,
  sessionId: string,
  fork: NewFork,
): Promise<Session> {
  await lockSession(tables, sessionId);
  const source = await requireSession(tables, sessionId);
  const { throughMessageId } = fork;
  const last = throughMessageId && (await readMessage(tables, sessionId, throughMessageId));
  if (throughMessageId !== undefined && !last) {
    throw new MessageNotFoundError(throughMessageId, sessionId);
  }
  const { provider, model, systemPrompt, workingDirectory, tags, owner, metadata } = source;
  const session = emptySession({
    id: fork.id,
    createdAt: fork.createdAt,
    handle: fork.handle ?? null,
    title: fork.title === undefined ? source.title : fork.title,
    ...{ provider, model, systemPrompt, workingDirectory, tags, owner, metadata },
    forkedFrom: { sessionId, messageId: throughMessageId ?? null },
  });
  await insertSession(tables, session);
  await copyMessages(tables, sessionId, session, last ? last.seq : Infinity);
  return requireSession(tables, session.id);
}

async function copyMessages(
  tables: Tables,
  sourceId: string,
  session: Session,
  lastSeq: number,
): Promise<void> {
  let figures = noFigures;
  let preview: string | null = null;
  let seq = 0;
  for (;;) {
    const page = await readMessages(tables, sourceId, { limit: MESSAGES_PER_PAGE, after: seq });
    const copies = page.filter((message) => message.seq <= lastSeq).map(toCopy(session.id));
    await insertMessages(tables, copies);
    await holdAttachments(tables, session.id, hashesOf(copies));
    figures = copies.map(figuresOf).reduce(addFigures, figures);
    preview = copies.map(({ parts }) => previewFrom(parts)).findLast(Boolean) ?? preview;
    seq = copies.at(-1)?.seq ?? seq;
    if (copies.length < MESSAGES_PER_PAGE) break;
  }
  await tables
    .from('sessions')
    .where('id', session.id)
    .update({
      next_seq: seq + 1,
      ...toFigureColumns(figures),
      ...toListColumns({ ...session, preview }),
    });
}

function toCopy(sessionId: string) {
  return (message: Message): Message => ({
    ...message,
    id: newId(),
    sessionId,
    status: message.status === 'running' ? 'interrupted' : message.status,
  });
}
