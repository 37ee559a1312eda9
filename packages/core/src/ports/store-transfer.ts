import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import type { AuditEntry } from './retention-store.ts';

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
   * transactions, so that nobody has to wait, and is there for nobody until the last one; of two that
   * store the same one, the later has it and the other rejects with SessionBusyError. What a process
   * that died has left of one is removed by the next that adds it, or by `RetentionStore.dropForgotten`.
   *
   * The figures and the preview of the session are derived from the messages, whatever it says itself.
   * Attachments that the messages of a page refer to have to be stored before the page is given.
   *
   * A session whose id the store has already is left as it is, `messages` unread: adding twice does
   * no harm. Rejects with SessionConflictError where a living session has its handle, or another
   * session one of its messages, and with InvalidDataError where the numbers of the messages don't
   * rise.
   */
  addSession(session: Session, messages: AsyncIterable<readonly Message[]>): Promise<Addition>;

  /** Adds lines to the audit, but for those that it has already. */
  addAudit(entries: readonly AuditEntry[]): Promise<void>;
}

export type Addition = 'added' | 'present';
