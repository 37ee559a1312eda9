import { createHash } from 'node:crypto';
import { type Store, newId, type Message, type Session } from '@synapse/core';
import type { HeldLease } from '@synapse/core/conversation';
import { MessageCursor } from './message-cursor.ts';
import { drain, messagePages } from './message-pages.ts';

type MergedStore = Pick<Store, 'sessions' | 'transfer'>;

export interface MergeOptions {
  /** Reports what would be done, without doing it. */
  isDryRun?: boolean | undefined;
  /** Takes the lease of a session that is extended; without it, no lease is taken. */
  hold?: ((sessionId: string) => Promise<HeldLease>) | undefined;
  /** The origin of the calls of new messages, as in `StoreTransfer`. */
  origin?: string | undefined;
  /** What a session that is extended shall have; without it, title, tags and marks are the incoming ones. */
  adopt?: ((stored: Session, incoming: Session) => Session) | undefined;
  /** Called with messages before they are stored, to store what they refer to. */
  prepare?: ((messages: readonly Message[]) => Promise<void>) | undefined;
}

/** The result for an incoming session. `messageCount` is the number of new messages. */
export type Merge =
  | { kind: 'added'; messageCount: number }
  /** The store had the beginning of it. */
  | { kind: 'extended'; sessionId: string; messageCount: number }
  /** Both had gone on: the store keeps its own end, and has the other in a fork of the session. */
  | { kind: 'forked'; sessionId: string; forkedFrom: string; messageCount: number }
  | { kind: 'unchanged'; hasNewer: boolean };

/**
 * Merges a session into the store, so that the store has each message of both once, and every
 * stored session is one that existed on one side. Repeating it changes nothing. Messages are equal
 * if their ids and numbers are equal. Title, tags and marks come with newer messages; otherwise the
 * store keeps its own.
 */
export async function mergeSession(
  store: MergedStore,
  session: Session,
  pages: AsyncIterable<readonly Message[]>,
  options: MergeOptions = {},
): Promise<Merge> {
  const incoming = new MessageCursor(pages);
  try {
    if (!(await store.sessions.get(session.id))) {
      const counted = countedPages(incoming, options);
      const addition = await addSession(store, session, counted.pages, options);
      if (addition === 'added') return { kind: 'added', messageCount: counted.count() };
    }
    return await mergeInto(store, session, incoming, options);
  } finally {
    await incoming.close();
  }
}

async function mergeInto(
  store: MergedStore,
  session: Session,
  incoming: MessageCursor,
  options: MergeOptions,
): Promise<Merge> {
  let target = session.id;
  let common: CommonPart = { lastSeq: 0, lastId: null };
  const inactive = new Set<number>();
  for (;;) {
    const comparison = await compare(store, incoming, target, { ...common, inactive });
    const next = await incoming.peek();
    if (!next) return { kind: 'unchanged', hasNewer: comparison.hasMore };
    if (!comparison.hasMore) {
      const { lastSeq } = comparison;
      const messageCount = await extend(store, { ...session, id: target }, incoming, {
        ...{ lastSeq, inactive, ...options },
      });
      return { kind: 'extended', sessionId: target, messageCount };
    }
    common = comparison;
    const forkId = forkIdOf(target, next.id);
    if (!(await store.sessions.get(forkId))) {
      const fork = { sessionId: forkId, forkedFrom: target, inactive };
      return addFork(store, session, { incoming, common, ...fork, ...options });
    }
    target = forkId;
  }
}

interface Inactive {
  /**
   * The common turns that are inactive in the incoming session; they become inactive in the store
   * once messages are added.
   */
  inactive: Set<number>;
}

interface CommonPart {
  /** The number of the last common message; 0 if there is none. */
  lastSeq: number;
  lastId: string | null;
}

/** Skips the common messages. `hasMore` tells whether the store has further ones. */
async function compare(
  { sessions }: MergedStore,
  incoming: MessageCursor,
  sessionId: string,
  { lastSeq, lastId, inactive }: CommonPart & Inactive,
): Promise<CommonPart & { hasMore: boolean }> {
  const all = messagePages(sessions, sessionId, { after: lastSeq, turns: 'all' });
  const stored = new MessageCursor(all);
  for (;;) {
    const theirs = await incoming.peek();
    const ours = await stored.peek();
    if (!ours) return { lastSeq, lastId, hasMore: false };
    if (theirs?.id !== ours.id || theirs.seq !== ours.seq)
      return { lastSeq, lastId, hasMore: true };
    await stored.take();
    [lastSeq, lastId] = [ours.seq, ours.id];
    if (!theirs.active) inactive.add(theirs.turn);
    // The store has a partial answer, and the incoming session the complete one, or more of it.
    const hasMore = !isPartial(theirs) || theirs.parts.length > ours.parts.length;
    if (isPartial(ours) && hasMore && !(await stored.peek()))
      return { lastSeq, lastId, hasMore: false };
    await incoming.take();
  }
}

function isPartial({ status }: Message): boolean {
  return status === 'running' || status === 'interrupted';
}

async function extend(
  { sessions, transfer }: MergedStore,
  session: Session,
  incoming: MessageCursor,
  options: { lastSeq: number } & Inactive & MergeOptions,
): Promise<number> {
  const counted = countedPages(incoming, options);
  let { lastSeq } = options;
  if (options.isDryRun) {
    await drain(counted.pages);
    return counted.count();
  }
  let inactive: Set<number> | undefined = options.inactive;
  const stored = await sessions.get(session.id);
  const adopted = stored && options.adopt ? options.adopt(stored, session) : session;
  const isInTrash = stored?.deletedAt != null;
  const held = isInTrash ? undefined : await options.hold?.(session.id);
  try {
    for await (const page of counted.pages) {
      const position = { lastSeq, lease: held?.lease ?? null, origin: options.origin, inactive };
      await transfer.extendSession(adopted, page, position);
      inactive = undefined;
      lastSeq = page.at(-1)?.seq ?? lastSeq;
    }
  } finally {
    await held?.release();
  }
  return counted.count();
}

interface ForkPlan extends MergeOptions, Inactive {
  incoming: MessageCursor;
  common: CommonPart;
  sessionId: string;
  forkedFrom: string;
}

async function addFork(store: MergedStore, session: Session, plan: ForkPlan): Promise<Merge> {
  const { incoming, common, inactive, sessionId, forkedFrom } = plan;
  const fork = {
    ...{ ...session, id: sessionId, handle: null },
    forkedFrom: { sessionId: forkedFrom, messageId: common.lastId },
  };
  const ends = countedPages(incoming, plan);
  async function* pages(): AsyncGenerator<Message[]> {
    if (common.lastSeq > 0) yield* copiesOf(store, forkedFrom, { ...common, inactive });
    yield* ends.pages;
  }
  await addSession(store, fork, pages(), plan);
  return { kind: 'forked', sessionId, forkedFrom, messageCount: ends.count() };
}

async function* copiesOf(
  { sessions }: MergedStore,
  sessionId: string,
  { lastSeq, inactive }: { lastSeq: number } & Inactive,
): AsyncGenerator<Message[]> {
  for await (const page of messagePages(sessions, sessionId, { turns: 'all' })) {
    const copied = page.filter(({ seq }) => seq <= lastSeq);
    if (copied.length > 0) {
      yield copied.map((one) => ({ ...toCopy(one), active: !inactive.has(one.turn) }));
    }
    if (copied.length < page.length) return;
  }
}

function toCopy(message: Message): Message {
  return { ...message, id: newId(), copyOf: message.copyOf ?? message.id };
}

async function addSession(
  { transfer }: MergedStore,
  session: Session,
  pages: AsyncIterable<Message[]>,
  { isDryRun, origin }: MergeOptions,
): Promise<'added' | 'present'> {
  if (!isDryRun) return transfer.addSession(session, pages, { origin });
  await drain(pages);
  return 'added';
}

/** The remaining messages, ready to be stored. */
function countedPages(
  incoming: MessageCursor,
  { isDryRun, prepare }: MergeOptions,
): { pages: AsyncGenerator<Message[]>; count: () => number } {
  let count = 0;
  const pages = (async function* () {
    for await (const page of incoming.rest()) {
      if (!isDryRun) await prepare?.(page);
      count += page.length;
      yield page;
    }
  })();
  return { pages, count: () => count };
}

/**
 * The id of the fork that has this message after the common part. It is always the same, so that a
 * repeated import finds the fork. It has the form of any other id, with the time of the message.
 */
export function forkIdOf(sessionId: string, messageId: string): string {
  const hash = createHash('sha256').update(`${sessionId} ${messageId}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(0), 16) & 3);
  const time = messageId.slice(0, 13);
  return `${time}-7${hash.slice(1, 4)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}
