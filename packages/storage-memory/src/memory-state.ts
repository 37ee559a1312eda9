import {
  SessionBusyError,
  SessionNotFoundError,
  type Lease,
  type Message,
  type Session,
} from '@synapse/core';
import {
  SessionConflictError,
  type LedgerEntry,
  LEASED_SESSION_GONE,
  refuseOlderCopy,
  type TurnMarks,
} from '@synapse/core/store-kit';
import type { ConversationPrefix, PlacedRunEvent, Run, StoredApproval } from '@synapse/core/server';
import { MemoryChangeFeed } from './memory-change-feed.ts';

export interface SessionRecord {
  session: Session;
  messages: Message[];
  nextSeq: number;
  marks: TurnMarks;
  leaseToken: number;
  lease: Lease | null;
  /** The token of the lease whose holder is asked to hand the session over. */
  requestedToken?: number;
  /** The mark of the last message stored in the session. */
  mark: number;
  /** Hashes of the attachments of its messages, undone ones included. */
  attachments: Set<string>;
}

export interface RunRecord {
  run: Run;
  events: PlacedRunEvent[];
}

/** The state that the parts of a memory store share. */
export class MemoryState {
  readonly records = new Map<string, SessionRecord>();
  /** By id; an entry is never modified, only replaced. */
  readonly ledger = new Map<string, LedgerEntry>();
  readonly attachments = new Map<string, Uint8Array>();
  /** By place. */
  readonly importMarks = new Map<string, string>();
  /**
   * When bytes were stored, in milliseconds, until a check finds whether a session uses them, and
   * the number of future messages that they were stored for.
   */
  readonly newAttachments = new Map<string, { storedAtMs: number; awaited: number }>();

  readonly changes = new MemoryChangeFeed();
  readonly runs = new Map<string, RunRecord>();
  readonly approvals = new Map<string, StoredApproval>();
  /** The newest last. */
  aliases: { kind: string; value: string; sessionId: string }[] = [];
  prefixes: ConversationPrefix[] = [];
  /** Of purged sessions, whose calls stay in the ledger. */
  readonly formerOwners = new Map<string, string>();

  /** Grows with each stored message, independent of clocks. */
  mark = 0;

  /** Inside or outside the trash. */
  existing(id: string): SessionRecord {
    const record = this.records.get(id);
    if (!record) throw new SessionNotFoundError(id);
    return record;
  }

  writable(id: string, lease: Lease | null): SessionRecord {
    const record = this.records.get(id);
    if (!record) {
      throw new SessionNotFoundError(id, lease ? LEASED_SESSION_GONE : undefined);
    }
    if (record.session.deletedAt) throw new SessionNotFoundError(id);
    if (lease) refuseOlderCopy(lease, { token: record.leaseToken, lastSeq: record.nextSeq - 1 });
    if (lease && record.lease?.token !== lease.token) {
      throw new SessionBusyError(`Another process has taken over session ${id}.`);
    }
    return record;
  }

  /** Rejects a record whose id or handle is taken. */
  add(record: SessionRecord): Session {
    const { session } = record;
    if (this.records.has(session.id)) {
      throw new SessionConflictError(`A session with the id ${session.id} already exists.`);
    }
    if (session.deletedAt === null) this.refuseTakenHandle(session.handle, session.id);
    this.records.set(session.id, record);
    if (record.messages.length > 0) this.noteStored(record);
    this.changes.note('session', session);
    return session;
  }

  /** Call this after each change of a session or its messages. */
  noteChange(kind: 'session' | 'messages', { session }: SessionRecord): void {
    session.revision += 1;
    this.changes.note(kind, session);
  }

  /** Call this after messages were added to a record. */
  noteStored(record: SessionRecord): void {
    this.mark += 1;
    record.mark = this.mark;
  }

  refuseTakenHandle(handle: string | null, exceptId: string): void {
    const isTaken = [...this.records.values()].some(
      ({ session }) =>
        session.handle === handle && session.id !== exceptId && session.deletedAt === null,
    );
    if (handle === null || !isTaken) return;
    throw new SessionConflictError(`Another session has the name "${handle}".`, {
      hint: 'Choose another name, or rename that session first.',
    });
  }

  /** The owner of the calls of a session, which may be gone. */
  ownerOfCalls(sessionId: string): string | null {
    const record = this.records.get(sessionId);
    return record ? record.session.owner : (this.formerOwners.get(sessionId) ?? null);
  }

  /** Removes sessions for good and skips unknown ids. Returns how many were removed. */
  remove(ids: readonly string[]): number {
    const records = [...new Set(ids)].flatMap((id) => this.records.get(id) ?? []);
    for (const { session } of records) {
      this.records.delete(session.id);
      this.#removeServed(session.id);
      if (session.owner !== null) this.formerOwners.set(session.id, session.owner);
      this.changes.note('removed', session);
    }
    for (const { attachments } of records) this.dropUnused(attachments);
    return records.length;
  }

  #removeServed(id: string): void {
    for (const { run } of this.runs.values()) if (run.sessionId === id) this.runs.delete(run.id);
    for (const one of this.approvals.values()) {
      if (one.sessionId === id) this.approvals.delete(one.id);
    }
    this.aliases = this.aliases.filter(({ sessionId }) => sessionId !== id);
    this.prefixes = this.prefixes.filter(({ sessionId }) => sessionId !== id);
  }

  /** Removes the events of ended runs and the closed approvals of a cleared session. */
  clearServed(id: string): void {
    for (const record of this.runs.values()) {
      if (record.run.sessionId === id && record.run.outcome !== null) record.events = [];
    }
    for (const one of this.approvals.values()) {
      if (one.sessionId === id && one.state !== 'pending') this.approvals.delete(one.id);
    }
  }

  /** Records that a session uses these, each as often as it was stored for the session. */
  hold(record: SessionRecord, hashes: Iterable<string>): void {
    for (const hash of hashes) {
      record.attachments.add(hash);
      const stored = this.newAttachments.get(hash);
      if (stored && stored.awaited > 0) stored.awaited -= 1;
    }
  }

  /**
   * Removes the bytes of these hashes that no session uses and no message awaits. Returns how many
   * were removed.
   */
  dropUnused(hashes: Iterable<string>): number {
    let count = 0;
    for (const hash of hashes) {
      const isUsed =
        (this.newAttachments.get(hash)?.awaited ?? 0) > 0 ||
        [...this.records.values()].some(({ attachments }) => attachments.has(hash));
      if (!isUsed && this.attachments.delete(hash)) count += 1;
    }
    return count;
  }
}
