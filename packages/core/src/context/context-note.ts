import type { Clock } from '../ports/clock.ts';
import type { Lease, SessionStore } from '../ports/session-store.ts';
import { newId } from '../session/id.ts';
import { newMessage, type NewMessage } from '../session/message.ts';
import type { ContextPart } from '../session/part.ts';

/** A session whose requests contain all messages. */
export const WHOLE_CONTEXT: Readonly<ContextPart> = {
  type: 'context',
  summary: null,
  summarySeq: 0,
  leftOutSeq: 0,
  collapsedSeq: 0,
  prunedSeq: 0,
  pinnedSeqs: [],
};

/** The store and the clock for writing a note. */
export interface NoteWriter {
  sessions: Pick<SessionStore, 'append' | 'messages'>;
  sessionId: string;
  lease: Lease | null;
  clock: Pick<Clock, 'now'>;
}

export async function storeContext(
  { sessions, sessionId, lease, clock }: NoteWriter,
  context: ContextPart,
  more: Partial<NewMessage> = {},
): Promise<void> {
  const createdAt = clock.now();
  const id = newId(createdAt.getTime());
  const note = newMessage({ id, role: 'context', parts: [context], createdAt, ...more });
  await sessions.append(sessionId, [note], lease);
}
