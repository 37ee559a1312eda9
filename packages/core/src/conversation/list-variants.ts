import type { SessionStore } from '../ports/session-store.ts';
import { isNote, placeOf, type Message } from '../session/message.ts';

const PAGE = 100;

/** One of the turns in a place of the conversation. */
export interface TurnVariant {
  turn: number;
  active: boolean;
  question: Message | null;
  /** Its last message, without notes; the question itself if it has no answer. */
  last: Message;
}

/**
 * The alternatives to the last active turn, that turn included, in the order in which they were
 * asked.
 */
export async function listVariants(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
): Promise<TurnVariant[]> {
  const variants = new Map<number, TurnVariant>();
  const [newest] = await sessions.messages(sessionId, { limit: 1 });
  if (!newest || newest.turn === 0) return [];
  const place = placeOf(newest);
  const isBefore = (message: Message) => message.active && placeOf(message) !== place;
  let before: number | undefined;
  for (;;) {
    // Reads from the newest backwards until an active turn in another place: all alternatives are
    // newer.
    const page = await sessions.messages(sessionId, { limit: PAGE, before, turns: 'all' });
    for (const message of page.toReversed()) {
      if (placeOf(message) !== place || isNote(message)) continue;
      const { turn, active, role } = message;
      const { last = message, question = null } = variants.get(turn) ?? {};
      const begun = role === 'user' ? message : question;
      variants.set(turn, { turn, active, question: begun, last });
    }
    before = page[0]?.seq;
    if (page.length < PAGE || before === undefined || page.some(isBefore)) break;
  }
  return [...variants.values()].sort((a, b) => a.turn - b.turn);
}
