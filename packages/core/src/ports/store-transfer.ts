import type { SessionConflictError } from '../errors/session-errors.ts';
import type { LedgerEntry } from '../session/ledger.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import type { AuditEntry } from './retention-store.ts';
import type { Lease } from './session-store.ts';

/**
 * Whole sessions, out of a store and into one, as they are: with their ids, their numbers, their
 * times, their place in the trash. What moves a store to another engine and what brings an export
 * back stand on this. Messages are read by `SessionStore.messages`, bytes by `AttachmentStore`.
 */
export interface StoreTransfer {
  /** Sessions of any kind, by id, those after `id`; null begins at the first. At most 500. */
  sessionsAfter(id: string | null, limit: number): Promise<Session[]>;

  /**
   * Adds a session with all its messages, or nothing of it. `messages` gives them in their order, in
   * pages that fit into memory; if it throws, nothing is stored. A long session is stored in many short
   * transactions, so that no other process has to wait, and is invisible until the last one; of two that
   * store the same one, the later has it and the other rejects with SessionBusyError. What a process
   * that died has left of one is removed by the next that adds it, or by `RetentionStore.dropForgotten`.
   *
   * The counts and the preview of the session are derived from the messages, and what it spent from
   * the ledger, whatever it says itself. Attachments that the messages of a page refer to have to be
   * stored before the page is given.
   *
   * With an `origin`, adds the calls of its messages to the ledger with that origin, except those
   * that the ledger has already. Without one, the ledger stays as it is: `addLedger` copies it.
   *
   * A session whose id the store has already is left as it is, `messages` unread: adding twice does
   * no harm. Rejects with SessionConflictError where a living session has its handle, or another
   * session one of its messages, and with InvalidDataError where the numbers of the messages don't
   * rise.
   */
  addSession(
    session: Session,
    messages: AsyncIterable<readonly Message[]>,
    options?: AddOptions,
  ): Promise<Addition>;

  /** Entries of the ledger by id, also those of sessions that are gone. */
  ledger(page: LedgerPage): Promise<LedgerEntry[]>;

  /**
   * Adds entries as they are, except those whose id the ledger has already, and updates the figures
   * of their sessions. Only the entry of a partial answer gives way to that of the whole answer, with
   * the same session and origin. Returns how many entries changed.
   */
  addLedger(entries: readonly LedgerEntry[]): Promise<number>;

  /**
   * Adds sessions that are held in memory, each as `addSession` does, many in one transaction, so that
   * ten thousand short ones take little time; in no order that others could rely on. Gives, in their
   * order, what became of each: an error only where that one could not be added.
   */
  addSessions(
    sessions: readonly WholeSession[],
    options?: AddOptions,
  ): Promise<(Addition | SessionConflictError)[]>;

  /**
   * Adds messages behind those that a session has, with their ids and numbers, all of them or none. Its
   * title, model, system prompt, directory, pin, tags, metadata and whether it is archived become those of
   * `session` in the same transaction; its id, its name and its place in the trash stay. `updatedAt` never
   * goes back. The ledger gets the calls of the messages as by `addSession`. Where the first of the messages has the id of the last one that is there, it takes its
   * place, provided that this one is an answer that is running or was interrupted.
   *
   * Rejects with SessionConflictError where the last message of the session is another than the caller
   * has seen, or another session has one of the ids, with SessionBusyError where the lease was lost,
   * and with InvalidDataError where the numbers don't rise.
   */
  extendSession(
    session: Session,
    messages: readonly Message[],
    position: ExtendPosition,
  ): Promise<void>;

  /** Adds lines to the audit, except those that it has already. */
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
  /** The number of the last message of the session that the caller has seen; 0 if there is none. */
  lastSeq: number;
  lease: Lease | null;
  /** The turns that the session has already and that are not active from now on; all others are. */
  inactive?: ReadonlySet<number> | undefined;
}

export interface LedgerPage {
  /** The id that the page before ended with; null for the first page. */
  after: string | null;
  /** At most 500. */
  limit: number;
  /** Only the entries of this session. */
  sessionId?: string | undefined;
}

export type Addition = 'added' | 'present';
