import { messagePages, type Message, type SessionStore } from '@synapse/core';

const PAGE = 500;

/** How many messages to take, and from which end. */
export interface MessageChoice {
  end: 'head' | 'tail';
  count: number;
}

/** Some of the messages of a session, in its order. */
export async function pickMessages(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { end, count }: MessageChoice,
): Promise<Message[]> {
  if (end === 'head') {
    const picked: Message[] = [];
    for await (const page of messagePages(sessions, sessionId)) {
      picked.push(...page.slice(0, count - picked.length));
      if (picked.length >= count) break;
    }
    return picked;
  }
  let picked: Message[] = [];
  for (;;) {
    const before = picked[0]?.seq;
    const limit = Math.min(PAGE, count - picked.length);
    const page = await sessions.messages(sessionId, { limit, before });
    picked = [...page, ...picked];
    if (picked.length >= count || page.length < limit) return picked;
  }
}
