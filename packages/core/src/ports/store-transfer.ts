import type { SessionConflictError } from '../errors/session-errors.ts';
import type { LedgerEntry } from '../session/ledger.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import type { OwnerFilter } from './identity.ts';
import type { AuditEntry } from './retention-store.ts';
import type { Lease } from './session-store.ts';

/**
 * Copies whole sessions out of a store and into one, unchanged: with their ids, numbers, times, and
 * place in the trash. Moving a store to another engine and importing an export use this. Messages
 * are read with `SessionStore.messages`, bytes with `AttachmentStore`.
 */
export interface StoreTransfer {
  /**
   * Sessions in any state, ordered by id, after the id `after`; null begins at the first. At most
   * 500.
   */
  sessionsAfter(id: string | null, limit: number, filter?: OwnerFilter): Promise<Session[]>;

  /**
   * Adds a session with all its messages, or nothing. `messages` yields them in order, in pages
   * that fit into memory; if it throws, nothing is stored. A long session is stored in many short
   * transactions, so that no other process has to wait, and is invisible until the last one. If two
   * callers store the same session, the later one succeeds and the other rejects with
   * SessionBusyError. If a process dies, the next one that adds the session, or
   * `RetentionStore.dropForgotten`, removes the parts it left.
   *
   * The counts and the preview of the session are derived from the messages, and its spending from
   * the ledger; its own fields for these are ignored. Attachments that the messages of a page refer
   * to have to be stored before the page is given.
   *
   * With an `origin`, adds the calls of its messages to the ledger with that origin, except those
   * that the ledger has already. Without one, the ledger stays as it is: `addLedger` copies it.
   *
   * A session whose id the store already has stays unchanged, and `messages` is not read, so adding
   * twice is safe. Rejects with SessionConflictError if a session outside the trash has its handle,
   * or if another session has one of its messages. Rejects with InvalidDataError if the numbers of
   * the messages don't rise.
   */
  addSession(
    session: Session,
    messages: AsyncIterable<readonly Message[]>,
    options?: AddOptions,
  ): Promise<Addition>;

  /**
   * The sessions that have messages with these ids, by message id; ids that no session has are left out. Takes at
   * most 500 ids.
   */
  ownersOf(messageIds: readonly string[], filter?: OwnerFilter): Promise<Map<string, string>>;

  /**
   * The marks of imported files, by place; places without one are left out. Takes at most 500
   * places. A mark is the state in which a file was read, so that an unchanged one need not be read
   * again. `copyStore` copies no marks.
   */
  importMarks(places: readonly string[]): Promise<Map<string, string>>;

  /** Sets marks by place, at most 500, and replaces older ones. */
  setImportMarks(marks: ReadonlyMap<string, string>): Promise<void>;

  /** Entries of the ledger by id, including those of purged sessions. */
  ledger(page: LedgerPage): Promise<LedgerEntry[]>;

  /**
   * Adds entries as they are, except those whose id the ledger has already, and updates the figures
   * of their sessions. Only the entry of a partial answer is replaced by that of the whole answer,
   * with the same session and origin. Returns how many entries changed.
   */
  addLedger(entries: readonly LedgerEntry[]): Promise<number>;

  /**
   * Adds sessions that are held in memory, each as `addSession` does. Many share a transaction, so
   * that ten thousand short ones take little time; callers must not rely on the order of storing.
   * Returns one result for each, in the given order: an error only for a session that could not be
   * added.
   */
  addSessions(
    sessions: readonly WholeSession[],
    options?: AddOptions,
  ): Promise<(Addition | SessionConflictError)[]>;

  /**
   * Adds messages after the existing ones of a session, with their ids and numbers, all of them or
   * none. Its title, model, system prompt, directory, pin, tags, metadata and whether it is
   * archived become those of `session` in the same transaction; its id, its handle and its place in
   * the trash stay. `updatedAt` never goes back. The ledger gets the calls of the messages as in
   * `addSession`. If the first new message has the id of the last existing one, it replaces that
   * one, provided it is a running or interrupted answer.
   *
   * Rejects with SessionConflictError if the last message of the session is not the one that the
   * caller has seen, or if another session has one of the ids. Rejects with SessionBusyError if the
   * lease was lost, and with InvalidDataError if the numbers don't rise.
   */
  extendSession(
    session: Session,
    messages: readonly Message[],
    position: ExtendPosition,
  ): Promise<void>;

  /** Adds lines to the audit, except those that it already has. */
  addAudit(entries: readonly AuditEntry[]): Promise<void>;
}

export interface WholeSession {
  session: Session;
  messages: readonly Message[];
}

export interface AddOptions {
  /** The source of the calls, in one word: `import`. */
  origin?: string | undefined;
}

export interface ExtendPosition extends AddOptions {
  /** The number of the session's last message that the caller has seen; 0 if there is none. */
  lastSeq: number;
  lease: Lease | null;
  /** Existing turns that become inactive; all other existing turns become active. */
  inactive?: ReadonlySet<number> | undefined;
}

/** With an owner, only the entries of that owner's sessions, purged ones included. */
export interface LedgerPage extends OwnerFilter {
  /** The last id of the page before; null for the first page. */
  after: string | null;
  /** At most 500. */
  limit: number;
  /** Only the entries of this session. */
  sessionId?: string | undefined;
}

export type Addition = 'added' | 'present';
