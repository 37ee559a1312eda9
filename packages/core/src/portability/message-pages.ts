import type { SessionStore } from '../ports/session-store.ts';
import type { StoreTransfer } from '../ports/store-transfer.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';

const MESSAGES_PER_PAGE = 500;
const SESSIONS_PER_PAGE = 200;

/** The messages of a session after one of them, page by page, so that a long one never has to be held whole. */
export async function* messagePages(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  afterSeq = 0,
): AsyncGenerator<Message[]> {
  let after = afterSeq;
  for (;;) {
    const page = await sessions.messages(sessionId, { limit: MESSAGES_PER_PAGE, after });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < MESSAGES_PER_PAGE) return;
    after = last.seq;
  }
}

export async function* allSessions(transfer: StoreTransfer): AsyncGenerator<Session> {
  let after: string | null = null;
  for (;;) {
    const page: Session[] = await transfer.sessionsAfter(after, SESSIONS_PER_PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < SESSIONS_PER_PAGE) return;
    after = last.id;
  }
}
