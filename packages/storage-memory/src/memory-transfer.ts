import { SessionBusyError, addSpent, type Message, type Session } from '@synapse/core';
import type { OwnerFilter } from '@synapse/core/server';
import {
  type AuditEntry,
  SessionConflictError,
  type Addition,
  type AddOptions,
  type ExtendPosition,
  type LedgerPage,
  type StoreTransfer,
  type WholeSession,
  checkOrder,
  fieldsWith,
  sessionFields,
  completes,
  ledgerEntryOf,
  type LedgerEntry,
  noneSpent,
  spentOf,
  attachmentsOf,
  addToTally,
  noTally,
} from '@synapse/core/store-kit';
import { refuseForeignIds } from './append-to-record.ts';
import { copyEntry, copyMessages, copySession } from './copy-values.ts';
import type { MemoryState, SessionRecord } from './memory-state.ts';

const MAX_PAGE = 500;

export class MemoryTransfer implements StoreTransfer {
  readonly #state: MemoryState;
  readonly #audit: AuditEntry[];

  constructor(state: MemoryState, audit: AuditEntry[]) {
    this.#state = state;
    this.#audit = audit;
  }

  async sessionsAfter(
    id: string | null,
    limit: number,
    { owner }: OwnerFilter = {},
  ): Promise<Session[]> {
    return [...this.#state.records.values()]
      .map(({ session }) => session)
      .filter((session) => id === null || session.id > id)
      .filter((session) => owner === undefined || session.owner === owner)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, Math.min(limit, MAX_PAGE))
      .map(copySession);
  }

  async addSession(
    session: Session,
    pages: AsyncIterable<readonly Message[]>,
    { origin }: AddOptions = {},
  ): Promise<Addition> {
    if (this.#state.records.has(session.id)) return 'present';
    const messages: Message[] = [];
    for await (const page of pages) {
      checkOrder(session.id, messages.at(-1)?.seq ?? 0, page);
      messages.push(
        ...copyMessages(page).map((message) => ({ ...message, sessionId: session.id })),
      );
    }
    const record = toRecord(session, messages);
    refuseForeignIds(this.#state, record, messages);
    this.#state.add(record);
    this.#state.hold(record, record.attachments);
    if (origin !== undefined) {
      this.#enter(messages.flatMap((message) => ledgerEntryOf(message, session.id, origin) ?? []));
    }
    this.#deriveSpent(record);
    return 'added';
  }

  async addSessions(
    sessions: readonly WholeSession[],
    options: AddOptions = {},
  ): Promise<(Addition | SessionConflictError)[]> {
    const outcomes: (Addition | SessionConflictError)[] = [];
    for (const { session, messages } of sessions) {
      async function* pages(): AsyncGenerator<readonly Message[]> {
        yield messages;
      }
      outcomes.push(await this.addSession(session, pages(), options).catch(keepConflict));
    }
    return outcomes;
  }

  async extendSession(
    session: Session,
    given: readonly Message[],
    { lastSeq, lease, origin, inactive }: ExtendPosition,
  ): Promise<void> {
    const { id } = session;
    const record = this.#state.existing(id);
    if (lease && record.lease?.token !== lease.token) {
      throw new SessionBusyError(`Another process has taken over session ${id}.`);
    }
    const last = record.messages.at(-1);
    const isReplaced = last !== undefined && given[0]?.id === last.id;
    const isPartial = last?.status === 'running' || last?.status === 'interrupted';
    if ((last?.seq ?? 0) !== lastSeq || (isReplaced && !isPartial)) {
      throw new SessionConflictError(`Session ${id} was changed by another process meanwhile.`);
    }
    const kept = isReplaced ? record.messages.slice(0, -1) : record.messages;
    checkOrder(id, kept.at(-1)?.seq ?? 0, given);
    refuseForeignIds(this.#state, record, given);
    const added = copyMessages(given).map((message) => ({ ...message, sessionId: id }));
    const before = kept.map((message) => ({
      ...message,
      active: inactive ? !inactive.has(message.turn) : message.active,
    }));
    const extended = toRecord(session, [...before, ...added]);
    const { messageCount, turnCount, preview } = extended.session;
    const { updatedAt } = record.session;
    Object.assign(record.session, adoptedFrom(extended.session), {
      ...{ messageCount, turnCount, preview },
      updatedAt: updatedAt > session.updatedAt ? updatedAt : new Date(session.updatedAt),
      tags: [...new Set(session.tags)].sort(),
    });
    record.messages = extended.messages;
    record.nextSeq = Math.max(record.nextSeq, extended.nextSeq);
    const lastTurn = Math.max(record.marks.lastTurn, extended.marks.lastTurn);
    record.marks = { ...extended.marks, lastTurn };
    this.#state.hold(record, extended.attachments);
    if (origin !== undefined) {
      this.#enter(added.flatMap((message) => ledgerEntryOf(message, id, origin) ?? []));
    }
    this.#deriveSpent(record);
    this.#state.noteStored(record);
    this.#state.noteChange('messages', record);
  }

  async importMarks(places: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const place of places) {
      const mark = this.#state.importMarks.get(place);
      if (mark !== undefined) found.set(place, mark);
    }
    return found;
  }

  async setImportMarks(marks: ReadonlyMap<string, string>): Promise<void> {
    for (const [place, mark] of marks) this.#state.importMarks.set(place, mark);
  }

  async ownersOf(
    messageIds: readonly string[],
    { owner }: OwnerFilter = {},
  ): Promise<Map<string, string>> {
    const wanted = new Set(messageIds);
    const owners = new Map<string, string>();
    for (const { session, messages } of this.#state.records.values()) {
      if (owner !== undefined && session.owner !== owner) continue;
      for (const { id } of messages) if (wanted.has(id)) owners.set(id, session.id);
    }
    return owners;
  }

  async ledger({ after, limit, sessionId, owner }: LedgerPage): Promise<LedgerEntry[]> {
    return [...this.#state.ledger.values()]
      .filter((entry) => after === null || entry.id > after)
      .filter((entry) => sessionId === undefined || entry.sessionId === sessionId)
      .filter((entry) => owner === undefined || this.#state.ownerOfCalls(entry.sessionId) === owner)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, Math.min(limit, MAX_PAGE))
      .map(copyEntry);
  }

  async addLedger(entries: readonly LedgerEntry[]): Promise<number> {
    const added = this.#enter(entries);
    for (const sessionId of new Set(added.map((entry) => entry.sessionId))) {
      const record = this.#state.records.get(sessionId);
      if (!record) continue;
      this.#deriveSpent(record);
      this.#state.noteChange('messages', record);
    }
    return added.length;
  }

  #enter(entries: readonly LedgerEntry[]): LedgerEntry[] {
    const { ledger } = this.#state;
    return entries.filter((entry) => {
      const earlier = ledger.get(entry.id);
      if (earlier && !completes(entry, earlier)) return false;
      ledger.set(entry.id, copyEntry(entry));
      return true;
    });
  }

  #deriveSpent({ session }: SessionRecord): void {
    const entries = [...this.#state.ledger.values()].filter(
      ({ sessionId }) => sessionId === session.id,
    );
    Object.assign(session, entries.map(spentOf).reduce(addSpent, noneSpent));
  }

  async addAudit(entries: readonly AuditEntry[]): Promise<void> {
    const known = new Set(this.#audit.map(keyOf));
    for (const entry of entries) {
      if (!known.has(keyOf(entry))) this.#audit.push(structuredClone(entry));
    }
  }
}

function keepConflict(error: unknown): SessionConflictError {
  if (error instanceof SessionConflictError) return error;
  throw error;
}

/** The fields that a session takes from a copy with newer messages; its handle stays. */
function adoptedFrom(session: Session): Partial<Session> {
  const names = fieldsWith(sessionFields, { setBy: 'update' });
  return Object.fromEntries(
    names.filter((name) => name !== 'handle').map((name) => [name, session[name]]),
  );
}

function toRecord(session: Session, messages: Message[]): SessionRecord {
  const hashes = messages.flatMap(({ parts }) => attachmentsOf(parts).map(({ sha256 }) => sha256));
  const { counts, preview, lastSeq, ...marks } = addToTally(noTally, messages);
  return {
    session: { ...copySession(session), ...counts, preview },
    messages,
    nextSeq: lastSeq + 1,
    marks,
    leaseToken: 0,
    mark: 0,
    lease: null,
    attachments: new Set(hashes),
  };
}

function keyOf({ at, action, sessionId }: AuditEntry): string {
  return `${at.getTime()} ${action} ${sessionId}`;
}
