import type { SessionStore, TurnChoice } from '../ports/session-store.ts';
import type { StoreTransfer } from '../ports/store-transfer.ts';
import { lengthOf } from '../session/message-length.ts';
import type { LedgerEntry } from '../session/ledger.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';

const MESSAGES_PER_PAGE = 500;
const FIRST_PAGE = 50;
const LENGTH_PER_PAGE = 4 << 20;
const ENTRIES_PER_PAGE = 500;
const SESSIONS_PER_PAGE = 200;

/**
 * The messages of a session after one of them, page by page, so that a long one never has to be held
 * whole. Where messages are long, a page has fewer of them.
 */
export async function* messagePages(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { after: afterSeq = 0, turns }: { after?: number | undefined; turns?: TurnChoice } = {},
): AsyncGenerator<Message[]> {
  let after = afterSeq;
  let limit = FIRST_PAGE;
  for (;;) {
    const page = await sessions.messages(sessionId, { limit, after, turns });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    after = last.seq;
    const length = page.reduce((sum, { parts }) => sum + lengthOf(parts), 1);
    const fitting = Math.floor((page.length / length) * LENGTH_PER_PAGE);
    limit = Math.min(MESSAGES_PER_PAGE, Math.max(1, Math.min(fitting, 4 * limit)));
  }
}

/** Reads to the end what is read for what it does. */
export async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
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

/** The entries of one session, or all. */
export async function* ledgerPages(
  transfer: StoreTransfer,
  sessionId?: string,
): AsyncGenerator<LedgerEntry[]> {
  let after: string | null = null;
  for (;;) {
    const page: LedgerEntry[] = await transfer.ledger({
      ...{ after, sessionId, limit: ENTRIES_PER_PAGE },
    });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < ENTRIES_PER_PAGE) return;
    after = last.id;
  }
}
