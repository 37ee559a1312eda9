import { InvalidDataError, type Message, type SessionStore, type TurnChoice } from '@synapse/core';
import { messagePages } from '@synapse/portability';

const PAGE = 500;

/** How many messages to take, from which end or from which place on. */
export interface MessageChoice {
  end: 'head' | 'tail';
  count: number;
  /** Only messages beyond this one: later ones for `head`, earlier ones for `tail`. */
  beyond?: number | undefined;
  turns: TurnChoice;
}

export interface PickedMessages {
  messages: Message[];
  /** Where to continue in the same direction; null if nothing is left there. */
  nextCursor: string | null;
}

/** Some of the messages of a session, in its order. */
export async function pickMessages(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  choice: MessageChoice,
): Promise<PickedMessages> {
  const { end, count } = choice;
  // One more than requested shows whether there are more.
  const found = await (end === 'head' ? takeHead : takeTail)(sessions, sessionId, {
    ...choice,
    count: count + 1,
  });
  if (found.length <= count) return { messages: found, nextCursor: null };
  if (end === 'head') {
    const messages = found.slice(0, count);
    return { messages, nextCursor: `after-${messages.at(-1)?.seq}` };
  }
  const messages = found.slice(1);
  return { messages, nextCursor: `before-${messages[0]?.seq}` };
}

/** The page after the `nextCursor` of an earlier page. */
export function fromMessageCursor(cursor: string): Pick<MessageChoice, 'end' | 'beyond'> {
  const [, direction, seq] = /^(before|after)-(\d{1,15})$/.exec(cursor) ?? [];
  if (seq === undefined) {
    throw new InvalidDataError(`"${cursor}" is not a cursor that "sessions show" has returned.`, {
      hint: 'A cursor is like before-201 or after-100: the number of a message, and the direction.',
    });
  }
  return { end: direction === 'after' ? 'head' : 'tail', beyond: Number(seq) };
}

async function takeHead(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { count, beyond, turns }: MessageChoice,
): Promise<Message[]> {
  const taken: Message[] = [];
  for await (const page of messagePages(sessions, sessionId, { after: beyond, turns })) {
    for (const message of page.slice(0, count - taken.length)) taken.push(message);
    if (taken.length >= count) break;
  }
  return taken;
}

async function takeTail(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { count, beyond, turns }: MessageChoice,
): Promise<Message[]> {
  const pages: Message[][] = [];
  let taken = 0;
  let before = beyond;
  for (;;) {
    const limit = Math.min(PAGE, count - taken);
    const page = await sessions.messages(sessionId, { limit, before, turns });
    pages.unshift(page);
    taken += page.length;
    before = page[0]?.seq;
    if (taken >= count || page.length < limit) return pages.flat();
  }
}
