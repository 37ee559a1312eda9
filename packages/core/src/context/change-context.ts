import { MessageNotFoundError } from '../errors/session-errors.ts';
import { isNote, type Message } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';
import { storeContext, WHOLE_CONTEXT, type NoteWriter } from './context-note.ts';
import { findContext } from './read-context.ts';

const PAGE = 50;

/** From here on requests leave out all earlier messages, except pinned ones. */
export async function resetContext(writer: NoteWriter): Promise<ContextPart> {
  const { context } = await findContext(writer.sessions, writer.sessionId);
  const [last] = await writer.sessions.messages(writer.sessionId, { limit: 1 });
  const { pinnedSeqs } = context;
  const seq = last?.seq ?? 0;
  // Later summaries leave these messages out, too.
  const reset = { ...WHOLE_CONTEXT, summarySeq: seq, leftOutSeq: seq, pinnedSeqs };
  await storeContext(writer, reset);
  return reset;
}

/**
 * Pins a message, so that every request contains it, or unpins it. Tool calls are pinned together
 * with their results. Rejects with MessageNotFoundError if there is no such message.
 */
export async function pinMessage(
  writer: NoteWriter,
  seq: number,
  isPinned: boolean,
): Promise<ContextPart> {
  const { sessions, sessionId } = writer;
  const { context } = await findContext(sessions, sessionId);
  const seqs = (await readUnit(writer, seq)).map((message) => message.seq);
  const others = context.pinnedSeqs.filter((pinned) => !seqs.includes(pinned));
  const pinnedSeqs = isPinned ? [...others, ...seqs].sort((a, b) => a - b) : others;
  const changed = { ...context, pinnedSeqs };
  await storeContext(writer, changed);
  return changed;
}

/** A message and those that it needs: an answer that calls tools, and the results. */
async function readUnit({ sessions, sessionId }: NoteWriter, seq: number): Promise<Message[]> {
  const around = await sessions.messages(sessionId, { limit: PAGE, before: seq + 1 });
  const behind = await sessions.messages(sessionId, { limit: PAGE, after: seq });
  const withoutNotes = [...around, ...behind].filter((message) => !isNote(message));
  const index = withoutNotes.findIndex((message) => message.seq === seq);
  if (index < 0) throw new MessageNotFoundError(`#${seq}`, sessionId);
  let begin = index;
  while (begin > 0 && withoutNotes[begin]?.role === 'tool') begin -= 1;
  let end = index + 1;
  while (withoutNotes[end]?.role === 'tool') end += 1;
  return withoutNotes.slice(begin, end);
}
