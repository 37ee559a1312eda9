import {
  MessageNotFoundError,
  SessionAmbiguousError,
  type Message,
  type SessionStore,
} from '@synapse/core';
import { messagePages } from '@synapse/portability';

const SHORTEST_PREFIX = 4;

/**
 * Finds the message that the user names, even an inactive one: by its number in the session, with
 * or without #, its id, or the beginning of the id.
 */
export async function findMessage(
  sessions: SessionStore,
  sessionId: string,
  reference: string,
): Promise<Message> {
  const number = /^#?(\d{1,9})$/.exec(reference)?.[1];
  if (number !== undefined) {
    const [message] = await sessions.messages(sessionId, {
      limit: 1,
      after: Number(number) - 1,
      turns: 'all',
    });
    if (message?.seq === Number(number)) return message;
  }
  const exact = await sessions.message(sessionId, reference);
  if (exact) return exact;
  const found: Message[] = [];
  if (reference.length >= SHORTEST_PREFIX) {
    for await (const page of messagePages(sessions, sessionId, { turns: 'all' })) {
      found.push(...page.filter(({ id }) => id.startsWith(reference)));
    }
  }
  const [message, other] = found;
  if (!message) throw new MessageNotFoundError(reference, sessionId);
  if (other)
    throw new SessionAmbiguousError(
      reference,
      found.slice(0, 10).map(({ id }) => id),
    );
  return message;
}
