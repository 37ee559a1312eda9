import {
  emptySession,
  MessageNotFoundError,
  newId,
  SessionBusyError,
  type Message,
  type NewFork,
  type Session,
  type SynapseError,
} from '@synapse/core';
import { buildSession } from './build-session.ts';
import type { Database } from './database.ts';
import { readMessage, readMessages } from './read-messages.ts';
import { lockSession, requireSession } from './read-sessions.ts';
import type { Tables } from './tables.ts';

const MESSAGES_PER_PAGE = 200;
const BYTES_PER_PAGE = 1 << 20;

/** Copies what the session has now; where somebody removes of it meanwhile, nothing is stored. */
export async function forkSession(
  database: Database,
  sessionId: string,
  fork: NewFork,
  onDuplicate: (key: string) => SynapseError,
): Promise<Session> {
  const { source, lastSeq } = await database.read((tables) => readSource(tables, sessionId, fork));
  const { provider, model, systemPrompt, workingDirectory, tags, owner, metadata } = source;
  const session = emptySession({
    id: fork.id,
    createdAt: fork.createdAt,
    handle: fork.handle ?? null,
    title: fork.title === undefined ? source.title : fork.title,
    ...{ provider, model, systemPrompt, workingDirectory, tags, owner, metadata },
    forkedFrom: { sessionId, messageId: fork.throughMessageId ?? null },
  });
  await buildSession(database, {
    ...{ session, onDuplicate },
    pages: copiesOf(database, { sessionId, lastSeq, copyId: session.id }),
    verify: async (tables, copiedCount) => {
      if ((await countMessages(tables, sessionId, lastSeq)) === copiedCount) return;
      throw new SessionBusyError(`Session ${sessionId} was changed while it was copied.`, {
        hint: 'Do it again.',
      });
    },
  });
  return database.read((tables) => requireSession(tables, session.id));
}

/** The session, and the number of the last message to copy. */
async function readSource(
  tables: Tables,
  sessionId: string,
  { throughMessageId }: NewFork,
): Promise<{ source: Session; lastSeq: number }> {
  const source = await requireSession(tables, sessionId);
  if (throughMessageId === undefined) {
    const [newest] = await readMessages(tables, sessionId, { limit: 1 });
    return { source, lastSeq: newest?.seq ?? 0 };
  }
  const last = await readMessage(tables, sessionId, throughMessageId);
  if (!last) throw new MessageNotFoundError(throughMessageId, sessionId);
  return { source, lastSeq: last.seq };
}

async function* copiesOf(
  database: Database,
  { sessionId, lastSeq, copyId }: { sessionId: string; lastSeq: number; copyId: string },
): AsyncGenerator<Message[]> {
  for (let after = 0; after < lastSeq;) {
    const page = await database.read(async (tables) => {
      const limit = await countThatFit(tables, sessionId, after);
      return limit === 0 ? [] : readMessages(tables, sessionId, { limit, after });
    });
    if (page.length === 0) return;
    after = page.at(-1)?.seq ?? lastSeq;
    yield page.filter(({ seq }) => seq <= lastSeq).map((message) => toCopy(message, copyId));
  }
}

/** How many of the messages after this one are read at once: what is read is in memory many times over. */
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

/** Held from here on, so that nobody removes one before the copy is there. */
async function countMessages(tables: Tables, sessionId: string, lastSeq: number): Promise<number> {
  await lockSession(tables, sessionId);
  const rows: { count?: number | string }[] = await tables
    .from('messages')
    .where('session_id', sessionId)
    .where('seq', '<=', lastSeq)
    .count({ count: '*' });
  return Number(rows[0]?.count ?? 0);
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
