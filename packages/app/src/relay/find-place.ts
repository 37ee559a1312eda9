import { isNote, type Message, type Session, type SessionStore } from '@synapse/core';
import type { ConversationAliases } from '@synapse/core/server';
import { hashAnswers, saysTheSame, type Prefix } from './conversation-hashes.ts';
import type { ClientMarks, RelayedMessage, RelayedRequest } from './relayed-request.ts';
import { isSideCall } from './side-call.ts';

/**
 * Where a request belongs. The messages of the request from `from` on are new there; those before
 * end at the stored message `throughMessageId`, if that is known.
 */
export type Place =
  | { kind: 'new'; from: number }
  | { kind: 'continue'; session: Session; from: number; throughMessageId: string | null }
  /** The client changed an earlier message, or the session went on without it. */
  | { kind: 'fork'; session: Session; throughMessageId: string; from: number }
  /** The last question is asked again. */
  | {
      kind: 'retry';
      session: Session;
      instead: number;
      from: number;
      throughMessageId: string | null;
    }
  /** No part of the conversation; without a session, the conversation has not begun. */
  | { kind: 'side'; session: Session | null; from: number };

export interface PlaceStore {
  sessions: Pick<SessionStore, 'get' | 'message' | 'messages'>;
  aliases: Pick<ConversationAliases, 'find' | 'findPrefix'>;
}

/** A turn has more messages only if its model calls tools for very long. */
const MANY = 500;

/**
 * Finds the session of a request whose client keeps the conversation itself: by its content, and by
 * the names that the client gives it. `named` is the session that the client asks for.
 */
export async function findPlace(
  { sessions, aliases }: PlaceStore,
  request: RelayedRequest,
  marks: ClientMarks,
  named: Session | null,
): Promise<Place> {
  const { messages } = request;
  const prefixes = hashAnswers(messages, seedOf(marks, named));
  const found = await aliases.findPrefix(prefixes.map(({ hash }) => hash));
  const prefix = prefixes.find(({ hash }) => hash === found?.hash);
  const matched = found && (await living(sessions, found.sessionId));
  if (found && prefix && matched) {
    return afterPrefix(sessions, matched, found.messageId, messages, prefix);
  }
  const session = named ?? (await findByAlias({ sessions, aliases }, marks, messages));
  const isMarked = named !== null || marks.aliases.length > 0;
  if (session === null) {
    const isSide = isMarked && isSideCall(request, null);
    return isSide ? { kind: 'side', session: null, from: 0 } : { kind: 'new', from: 0 };
  }
  return inSession(sessions, session, request, named !== null);
}

/** Conversations of different clients never mix, even if both begin with "hello". */
export function seedOf({ aliases }: Pick<ClientMarks, 'aliases'>, named: Session | null): string {
  if (named !== null) return sessionSeed(named.id);
  const [first] = aliases;
  return first ? `${first.kind}\0${first.value}` : '';
}

export function sessionSeed(sessionId: string): string {
  return `session\0${sessionId}`;
}

async function living(
  sessions: Pick<SessionStore, 'get'>,
  id: string | undefined,
): Promise<Session | null> {
  const session = id === undefined ? undefined : await sessions.get(id);
  return session?.deletedAt === null ? session : null;
}

async function findByAlias(
  { sessions, aliases }: PlaceStore,
  marks: ClientMarks,
  messages: readonly RelayedMessage[],
): Promise<Session | null> {
  const isBeginning = messages.every(({ role }) => role === 'user');
  for (const { kind, value, isWeak } of marks.aliases) {
    if (isWeak && isBeginning) continue;
    const session = await living(sessions, await aliases.find(kind, value));
    if (session) return session;
  }
  return null;
}

async function afterPrefix(
  sessions: PlaceStore['sessions'],
  session: Session,
  messageId: string,
  messages: readonly RelayedMessage[],
  { length: from }: Prefix,
): Promise<Place> {
  const last = await sessions.message(session.id, messageId);
  const fork: Place = { kind: 'fork', session, throughMessageId: messageId, from };
  if (!last) return { kind: 'new', from: 0 };
  if (!last.active) return fork;
  const later = await saidAfter(sessions, last);
  const place = { session, from, throughMessageId: messageId };
  if (later.length === 0) return { kind: 'continue', ...place };
  const instead = turnAskedAgain(later, messages.slice(from));
  return instead === null ? fork : { kind: 'retry', ...place, instead };
}

/** The messages after this one, without notes, which change nothing of what was said. */
export async function saidAfter(
  sessions: Pick<SessionStore, 'messages'>,
  { sessionId, seq }: Message,
): Promise<Message[]> {
  const page = await sessions.messages(sessionId, { limit: MANY, after: seq });
  return page.filter((message) => !isNote(message));
}

/** The turn of the later messages, if the new messages are its one question; otherwise null. */
function turnAskedAgain(
  later: readonly Message[],
  added: readonly RelayedMessage[],
): number | null {
  const [question] = later;
  const [asked] = added;
  if (question?.role !== 'user' || asked?.role !== 'user' || added.length > 1) return null;
  const isOneTurn = later.every(({ turn }) => turn === question.turn);
  return isOneTurn && isSaid(question, asked) ? question.turn : null;
}

function isSaid({ parts }: Message, asked: RelayedMessage): boolean {
  return saysTheSame({ role: 'user', parts }, asked);
}

/** In a session that is known by name, whose messages the client no longer sends as they are stored. */
async function inSession(
  sessions: PlaceStore['sessions'],
  session: Session,
  request: RelayedRequest,
  isNamed: boolean,
): Promise<Place> {
  const { messages } = request;
  const hasBegun = session.messageCount > 0;
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'assistant');
  if (hasBegun && lastAnswer < 0) {
    const stored = await sessions.messages(session.id, { limit: MANY });
    const said = stored.filter((message) => !isNote(message));
    const instead = turnAskedAgain(said, messages);
    if (instead !== null)
      return { kind: 'retry', session, instead, from: 0, throughMessageId: null };
  }
  const known = hasBegun ? session : null;
  if (!isNamed && isSideCall(request, known)) return { kind: 'side', session, from: 0 };
  // The client has shortened its conversation, or sends only what is new.
  const from = hasBegun ? lastAnswer + 1 : 0;
  return { kind: 'continue', session, from, throughMessageId: null };
}
