import {
  SessionBusyError,
  MessageNotFoundError,
  newId,
  type Message,
  type Session,
  type SynapseError,
} from '@synapse/core';
import { emptyFork, endForkIn, type NewFork } from '@synapse/core/store-kit';
import { buildSession } from './build-session.ts';
import type { Database } from './database.ts';
import { readFirstInactive, readMessage } from './find-messages.ts';
import { readMessages } from './message-pages.ts';
import { lockSession, requireSession } from './stored-sessions.ts';
import type { Tables } from './tables.ts';

const MESSAGES_PER_PAGE = 200;
const BYTES_PER_PAGE = 1 << 20;

/** Copies the current messages of the session; stores nothing if messages are removed meanwhile. */
export async function forkSession(
  database: Database,
  sessionId: string,
  fork: NewFork,
  onDuplicate: (key: string) => SynapseError,
): Promise<Session> {
  const { source, ...range } = await database.read((tables) => readSource(tables, sessionId, fork));
  const copied = { ...noCount(), lastSeq: 0 };
  const session = emptyFork(source, fork);
  await buildSession(database, {
    ...{ session, onDuplicate, isCopy: true },
    pages: copiesOf(database, { sessionId, ...range, copyId: session.id, copied }),
    verify: async (tables) => {
      const now = await countMessages(tables, sessionId, range.lastSeq);
      const isComplete = copied.lastSeq === range.lastSeq && now.all === copied.all;
      if (isComplete && now.active === copied.active && now.seqs === copied.seqs) return;
      throw new SessionBusyError(`Session ${sessionId} was changed while it was copied.`, {
        hint: 'Try again.',
      });
    },
  });
  return database.read((tables) => requireSession(tables, session.id));
}

interface Range {
  /** The last message to copy. */
  lastSeq: number;
  /** The first message of the turn with the last message, if that turn is not active. */
  end: Parameters<typeof endForkIn>[1] | undefined;
}

/**
 * The number of messages, the number of active ones, and the sum of the positions of the active
 * ones.
 */
const noCount = () => ({ all: 0, active: 0, seqs: 0 });

/** The session, and the range of messages to copy. */
async function readSource(
  tables: Tables,
  sessionId: string,
  { throughMessageId }: NewFork,
): Promise<Range & { source: Session }> {
  const source = await requireSession(tables, sessionId);
  if (throughMessageId === undefined) {
    const [newest] = await readMessages(tables, sessionId, { limit: 1, turns: 'all' });
    return { source, lastSeq: newest?.seq ?? 0, end: undefined };
  }
  const last = await readMessage(tables, sessionId, throughMessageId);
  if (!last) throw new MessageNotFoundError(throughMessageId, sessionId);
  const end = last.active ? undefined : await readFirstInactive(tables, sessionId, last.turn);
  return { source, lastSeq: last.seq, end };
}

async function* copiesOf(
  database: Database,
  {
    sessionId,
    copyId,
    lastSeq,
    end,
    copied,
  }: Range & {
    sessionId: string;
    copyId: string;
    copied: ReturnType<typeof noCount> & { lastSeq: number };
  },
): AsyncGenerator<Message[]> {
  for (let after = 0; after < lastSeq;) {
    const page = await database.read(async (tables) => {
      const limit = await countThatFit(tables, sessionId, after);
      return limit === 0 ? [] : readMessages(tables, sessionId, { limit, after, turns: 'all' });
    });
    if (page.length === 0) return;
    after = page.at(-1)?.seq ?? lastSeq;
    const found = page.filter(({ seq }) => seq <= lastSeq);
    const active = found.filter((message) => message.active);
    copied.all += found.length;
    copied.lastSeq = found.at(-1)?.seq ?? copied.lastSeq;
    copied.active += active.length;
    copied.seqs += active.reduce((sum, { seq }) => sum + seq, 0);
    yield (end ? endForkIn(found, end) : found).map((message) => toCopy(message, copyId));
  }
}

/**
 * How many of the following messages to read at once; messages take several times their size in
 * memory.
 */
async function countThatFit(tables: Tables, sessionId: string, after: number): Promise<number> {
  const rows = await tables
    .from('messages')
    .where('session_id', sessionId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(MESSAGES_PER_PAGE)
    .select<{ bytes: number }[]>(tables.query.raw('octet_length(parts) as bytes'));
  let sum = 0;
  const end = rows.findIndex(({ bytes }) => (sum += bytes) > BYTES_PER_PAGE);
  return end < 0 ? rows.length : Math.max(end, 1);
}

/** Locks the messages, so that none is removed or undone before the copy exists. */
async function countMessages(tables: Tables, sessionId: string, lastSeq: number) {
  await lockSession(tables, sessionId);
  const rows: Partial<Record<'all' | 'active' | 'seqs', number | string>>[] = await tables
    .from('messages')
    .where('session_id', sessionId)
    .where('seq', '<=', lastSeq)
    .count({ all: '*' })
    .sum({ active: 'active', seqs: tables.query.raw('seq * active') });
  const { all = 0, active = 0, seqs = 0 } = rows[0] ?? {};
  return { all: Number(all), active: Number(active), seqs: Number(seqs) };
}

function toCopy(message: Message, sessionId: string): Message {
  return {
    ...message,
    id: newId(),
    sessionId,
    copyOf: message.copyOf ?? message.id,
    status: message.status === 'running' ? 'interrupted' : message.status,
  };
}
