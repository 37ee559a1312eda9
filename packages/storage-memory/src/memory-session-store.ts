import { isDeepStrictEqual } from 'node:util';
import {
  type Lease,
  type MessagePage,
  type SessionChange,
  type SessionStore,
  type TurnChoice,
  type Message,
  type NewMessage,
  emptySession,
  type Session,
} from '@synapse/core';
import { SessionChangedError, type OwnerFilter } from '@synapse/core/server';
import {
  type LeaseRequest,
  type LeaseState,
  type NewFork,
  type Page,
  type SessionQuery,
  type VariantPlace,
  type PromptMessage,
  noteStoredMessages,
  noCounts,
  type NewSession,
  noMarks,
} from '@synapse/core/store-kit';
import { appendToRecord } from './append-to-record.ts';
import { chooseInRecord, undoInRecord } from './choose-in-record.ts';
import { copyMessage, copyMessages, copySession } from './copy-values.ts';
import { findSessions } from './find-records.ts';
import { forkRecord } from './fork-record.ts';
import { listSessions } from './list-records.ts';
import {
  acquireLease,
  leaseState,
  releaseLease,
  renewLease,
  requestHandOver,
} from './memory-leases.ts';
import type { MemoryState } from './memory-state.ts';

const MAX_PAGE = 500;

/** The reference implementation: its behaviour defines the port. */
export class MemorySessionStore implements SessionStore {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async create(session: NewSession): Promise<Session> {
    return copySession(
      this.#state.add({
        session: copySession(emptySession(session)),
        messages: [],
        nextSeq: 1,
        marks: noMarks,
        leaseToken: 0,
        mark: 0,
        lease: null,
        attachments: new Set(),
      }),
    );
  }

  async get(id: string): Promise<Session | undefined> {
    const record = this.#state.records.get(id);
    return record && copySession(record.session);
  }

  async find(reference: string, { owner }: OwnerFilter = {}): Promise<Session[]> {
    const own = this.#sessions().filter(
      (session) => owner === undefined || session.owner === owner,
    );
    return findSessions(own, reference).map(copySession);
  }

  async list(query: SessionQuery): Promise<Page<Session>> {
    const { items, nextCursor } = listSessions(this.#sessions(), query);
    return { items: items.map(copySession), nextCursor };
  }

  async update(id: string, change: SessionChange, lease: Lease | null = null): Promise<Session> {
    const record = lease ? this.#state.writable(id, lease) : this.#state.existing(id);
    const { session } = record;
    const { addTags = [], removeTags = [], titleBefore, expectedRevision, ...fields } = change;
    if (expectedRevision !== undefined && expectedRevision !== session.revision) {
      throw new SessionChangedError(id, session.revision);
    }
    if (titleBefore !== undefined && titleBefore !== session.title) return copySession(session);
    if (session.deletedAt === null && fields.handle !== undefined) {
      this.#state.refuseTakenHandle(fields.handle, id);
    }
    const before = copySession(session);
    Object.assign(session, copySession({ ...session, ...fields }));
    const kept = session.tags.filter((tag) => !removeTags.includes(tag));
    session.tags = [...new Set([...kept, ...addTags])].sort();
    if (!isDeepStrictEqual(session, before)) this.#state.noteChange('session', record);
    return copySession(session);
  }

  async append(
    sessionId: string,
    messages: readonly NewMessage[],
    lease: Lease | null,
    variant?: VariantPlace,
  ): Promise<Message[]> {
    const record = this.#state.writable(sessionId, lease);
    const stored = appendToRecord(this.#state, record, messages, variant);
    noteStoredMessages(lease, stored);
    return stored;
  }

  async chooseVariant(sessionId: string, turn: number, lease: Lease | null): Promise<void> {
    chooseInRecord(this.#state, this.#state.writable(sessionId, lease), turn);
  }

  async messages(sessionId: string, page: MessagePage): Promise<Message[]> {
    const { role, limit: wanted, turns = 'active' } = page;
    const limit = Math.min(wanted, MAX_PAGE);
    const messages = this.#state
      .existing(sessionId)
      .messages.filter((message) => role === undefined || message.role === role)
      .filter((message) => isShown(message, turns));
    if ('after' in page) {
      return copyMessages(messages.filter(({ seq }) => seq > page.after).slice(0, limit));
    }
    const { before = Infinity } = page;
    const below = messages.filter(({ seq }) => seq < before);
    return copyMessages(below.slice(Math.max(0, below.length - limit)));
  }

  async promptMessages(sessionId: string, page: MessagePage): Promise<PromptMessage[]> {
    const messages = await this.messages(sessionId, page);
    return messages.map((message) => {
      const { seq, turn, role, parts, provider, model, askedProvider, askedModel } = message;
      return { seq, turn, role, parts, provider, model, askedProvider, askedModel };
    });
  }

  async message(sessionId: string, messageId: string): Promise<Message | undefined> {
    const { messages } = this.#state.existing(sessionId);
    const message = messages.find(({ id }) => id === messageId);
    return message && copyMessage(message);
  }

  async undoTurn(sessionId: string, lease: Lease | null): Promise<Message[]> {
    return undoInRecord(this.#state, this.#state.writable(sessionId, lease));
  }

  async clear(sessionId: string, lease: Lease | null): Promise<void> {
    const record = this.#state.writable(sessionId, lease);
    const hashes = record.attachments;
    record.messages = [];
    this.#state.clearServed(sessionId);
    record.attachments = new Set();
    record.marks = { ...noMarks, lastTurn: record.marks.lastTurn };
    Object.assign(record.session, noCounts, { preview: null });
    this.#state.noteChange('messages', record);
    this.#state.dropUnused(hashes);
  }

  async fork(sessionId: string, fork: NewFork): Promise<Session> {
    return copySession(this.#state.add(forkRecord(this.#state.existing(sessionId), fork)));
  }

  async trash(id: string, at: Date): Promise<void> {
    const record = this.#state.existing(id);
    if (record.session.deletedAt !== null) return;
    record.session.deletedAt = new Date(at);
    this.#state.noteChange('session', record);
  }

  async restore(id: string, at: Date): Promise<Session> {
    const record = this.#state.existing(id);
    const { session } = record;
    if (session.deletedAt === null) return copySession(session);
    this.#state.refuseTakenHandle(session.handle, id);
    session.deletedAt = null;
    if (at > session.updatedAt) session.updatedAt = new Date(at);
    this.#state.noteChange('session', record);
    return copySession(session);
  }

  async purge(ids: readonly string[]): Promise<number> {
    return this.#state.remove(ids);
  }

  async acquireLease(sessionId: string, request: LeaseRequest): Promise<Lease> {
    return acquireLease(this.#state, sessionId, request);
  }

  async renewLease(lease: Lease, durationMs: number): Promise<Lease> {
    return renewLease(this.#state, lease, durationMs);
  }

  async releaseLease(lease: Lease): Promise<void> {
    releaseLease(this.#state, lease);
  }

  async requestHandOver(sessionId: string, token: number): Promise<void> {
    requestHandOver(this.#state, sessionId, token);
  }

  async leaseState(lease: Lease): Promise<LeaseState> {
    return leaseState(this.#state, lease);
  }

  #sessions(): Session[] {
    return [...this.#state.records.values()].map(({ session }) => session);
  }
}

function isShown({ active, turn }: Message, turns: TurnChoice): boolean {
  if (turns === 'active') return active;
  return turns === 'all' || turn === turns.variant || (active && turn !== turns.instead);
}
