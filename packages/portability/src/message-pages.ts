import {
  StorageError,
  type SessionStore,
  type TurnChoice,
  isNote,
  type Message,
  type Session,
} from '@synapse/core';
import {
  DamagedDataError,
  type StoreTransfer,
  lengthOf,
  type LedgerEntry,
} from '@synapse/core/store-kit';

const MESSAGES_PER_PAGE = 500;
const FIRST_PAGE = 50;
const LENGTH_PER_PAGE = 4 << 20;
const ENTRIES_PER_PAGE = 500;
const SESSIONS_PER_PAGE = 200;
/** Damaged messages in a row; after so many, no good one is expected. */
const MOST_FAILURES = 1000;

export interface MessageSelection {
  after?: number | undefined;
  turns?: TurnChoice | undefined;
  /** Called with each damaged message that was left out; without it, damage is thrown. */
  onDamaged?: OnDamaged | undefined;
}

export type OnDamaged = (damage: StorageError) => void;

/**
 * The messages of a session after a given one, page by page, so that a long session is never in
 * memory as a whole. Pages of long messages are shorter.
 */
export async function* messagePages(
  sessions: Pick<SessionStore, 'messages'>,
  sessionId: string,
  { after: afterSeq = 0, turns, onDamaged }: MessageSelection = {},
): AsyncGenerator<Message[]> {
  let after = afterSeq;
  let limit = FIRST_PAGE;
  let isCareful = false;
  let failures = 0;
  for (;;) {
    let page: Message[];
    try {
      page = await sessions.messages(sessionId, { limit, after, turns });
      failures = 0;
    } catch (error) {
      if (!onDamaged || !isDamage(error)) throw error;
      // Reads one by one from here on, so that a damaged message hides no others.
      if (isCareful) {
        onDamaged(error);
        after = Math.max(after + 1, numberOf(error) ?? 0);
        if (++failures === MOST_FAILURES) return;
      }
      isCareful = true;
      limit = 1;
      continue;
    }
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    after = last.seq;
    if (isCareful) continue;
    const length = page.reduce((sum, { parts }) => sum + lengthOf(parts), 1);
    const fitting = Math.floor((page.length / length) * LENGTH_PER_PAGE);
    limit = Math.min(MESSAGES_PER_PAGE, Math.max(1, Math.min(fitting, 4 * limit)));
  }
}

/**
 * Throws a DamagedDataError if all messages were read and their number differs from the session's
 * count: a damaged index skips some. Not if the session has changed meanwhile.
 */
export async function refuseMissing(
  sessions: Pick<SessionStore, 'get' | 'messages'>,
  { id, messageCount }: Session,
  readCount: number,
): Promise<void> {
  if (readCount === messageCount) return;
  let found = 0;
  for await (const page of messagePages(sessions, id, { onDamaged: () => undefined })) {
    found += page.filter(isCounted).length;
  }
  const now = await sessions.get(id);
  if (found === messageCount || now?.messageCount !== messageCount) return;
  const what = `Session ${id} (${found} of its ${messageCount} messages can be read)`;
  throw new DamagedDataError(what, id, null);
}

/** Whether `refuseMissing` counts the message. */
export function isCounted(message: Message): boolean {
  return message.active && !isNote(message);
}

/** Reads to the end, only for the side effects of reading. */
export async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}

export async function* allSessions(
  transfer: Pick<StoreTransfer, 'sessionsAfter'>,
  onDamaged?: OnDamaged,
): AsyncGenerator<Session> {
  let after: string | null = null;
  let limit = SESSIONS_PER_PAGE;
  for (;;) {
    let page: Session[];
    try {
      page = await transfer.sessionsAfter(after, limit);
    } catch (error) {
      if (!onDamaged || !(error instanceof DamagedDataError) || !error.sessionId) throw error;
      if (limit === 1) {
        onDamaged(error);
        after = error.sessionId;
      }
      limit = 1;
      continue;
    }
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    after = last.id;
  }
}

function numberOf(error: StorageError): number | null {
  return error instanceof DamagedDataError ? error.seq : null;
}

function isDamage(error: unknown): error is StorageError {
  return error instanceof StorageError && error.reason === 'damaged';
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
