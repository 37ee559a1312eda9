import type { Message, NewMessage, Role, PromptMessage } from '../session/message.ts';
import type { ChangeableField, NewFork, NewSession, Session } from '../session/session.ts';
import type { OwnerFilter } from './identity.ts';

/**
 * Sessions and their messages. When a promise resolves, its data is on the disk. Methods that take
 * a session id reject with SessionNotFoundError if no session has it, in the trash or outside.
 * Methods that change messages also reject for a session in the trash.
 */
export interface SessionStore {
  /** Rejects with SessionConflictError when the id or the handle is taken. */
  create(session: NewSession): Promise<Session>;

  /** Undefined for an unknown id. Sessions in the trash are found too. */
  get(id: string): Promise<Session | undefined>;

  /**
   * The sessions that `reference` may mean, by the first rule that fits any: the id, the handle,
   * the beginning of an id (at least four characters), the whole title. Returns at most ten, newest
   * first. If a rule matches sessions outside the trash, those in the trash are left out.
   */
  find(reference: string, filter?: OwnerFilter): Promise<Session[]>;

  /**
   * By last activity, newest first; `cursor` is the `nextCursor` of the page before. Rejects with
   * InvalidDataError if the cursor is invalid.
   */
  list(query: SessionQuery): Promise<Page<Session>>;

  /**
   * Changes the given fields and keeps the rest; tags are removed before others are added. Rejects
   * with SessionConflictError when the handle is taken. `updatedAt` stays as it is, and so does
   * `revision` if nothing changes. With a lease,
   * checks it as `append` does, and changes nothing if it was lost. The holder of a session passes
   * its lease; other callers pass none.
   */
  update(id: string, change: SessionChange, lease?: Lease | null): Promise<Session>;

  /**
   * Stores messages at the end, all or none, in the given order, and returns them.
   *
   * A message whose id the session already has is not stored twice. If it is stored as `running`,
   * the given message replaces it in its place: so an answer is checkpointed and completed. Any
   * other stays unchanged, so that the caller may repeat a call whose outcome is unknown.
   *
   * The same transaction stores the `ledgerEntryOf` each message in the ledger, once for each id.
   * An entry stays when its message is removed.
   *
   * The session's `updatedAt` becomes the time of its last message, unless it is already later:
   * setting a clock back makes no session older. Rejects with SessionConflictError when another
   * session has one of the ids; with a lease, rejects with SessionBusyError if the session has
   * another lease by now, and with StorageError `replaced` if messages that the holder stored are
   * missing. Raises `lastSeq` of the lease.
   *
   * With `variant`, the messages belong to an alternative to the last turn. It is stored as
   * inactive, so that the last turn stays active until the variant is chosen. Rejects with
   * SessionConflictError if the turn that it names is not the last one, or can't be chosen.
   */
  append(
    sessionId: string,
    messages: readonly NewMessage[],
    lease: Lease | null,
    variant?: VariantPlace,
  ): Promise<Message[]>;

  /**
   * Makes a turn the last one of the conversation, in one transaction: it becomes active, and the
   * turn that was active in the same place becomes inactive. Does nothing if it is already active.
   * A turn that was undone comes back at the end, as long as nothing was stored since. Figures and
   * preview are updated; `updatedAt` is not. Checks the lease as `append` does. Rejects with
   * SessionConflictError, and changes nothing, if there is no such turn or if the conversation
   * continues after its place.
   */
  chooseVariant(sessionId: string, turn: number, lease: Lease | null): Promise<void>;

  /** A page in the session's order: the newest `limit` below `before`, or the oldest above `after`. */
  messages(sessionId: string, page: MessagePage): Promise<Message[]>;

  /** The same page with only those fields that requests need, which takes half the time to read. */
  promptMessages(sessionId: string, page: MessagePage): Promise<PromptMessage[]>;

  /** Finds inactive messages, too. Undefined if the session has no such message. */
  message(sessionId: string, messageId: string): Promise<Message | undefined>;

  /**
   * Takes the last turn out of the conversation and returns its messages in their new state; empty
   * if there is no turn. The turn becomes inactive and stays in the session, as do its
   * alternatives: none of them is active then. Its numbers are not given again, and `updatedAt`
   * does not change. Checks the lease as `append` does.
   */
  undoTurn(sessionId: string, lease: Lease | null): Promise<Message[]>;

  /**
   * Removes all messages for good, including inactive ones; the session itself stays, with its
   * `updatedAt`. Checks the lease as `append` does. Long sessions are cleared in short steps, from
   * the newest message to the oldest. If that is interrupted, the session is left in an earlier
   * state, and another `clear` removes the rest.
   */
  clear(sessionId: string, lease: Lease | null): Promise<void>;

  /**
   * Copies a session and its messages, up to and including `throughMessageId`, as a session of its
   * own: new message ids, each with `copyOf`, the same order, turns and times. The ledger stays as
   * it is, so the copy has spent nothing. It has no handle unless given, is neither pinned,
   * archived nor in the trash, and counts as active now, so that no cleanup removes it at once. An
   * answer that is still running in the source is `interrupted` in the copy. Inactive turns stay
   * inactive, except that of `throughMessageId`, which becomes the last active turn of the copy.
   * Long sessions are copied as `StoreTransfer.addSession` stores them: in short steps, and
   * invisible until the last. Rejects with MessageNotFoundError when the session has no such
   * message, with SessionBusyError if another caller removes, undoes or chooses copied messages
   * meanwhile, and with the errors of `create`.
   */
  fork(sessionId: string, fork: NewFork): Promise<Session>;

  /** Moves to the trash; does nothing if it is already there. */
  trash(id: string, at: Date): Promise<void>;

  /**
   * Takes out of the trash; does nothing if it is not there. Counts as active at `at`, unless it
   * was active later, so that no cleanup takes it again at once. Rejects with SessionConflictError
   * if another session has taken the handle.
   */
  restore(id: string, at: Date): Promise<Session>;

  /**
   * Removes for good, from the trash or not, with everything derived: search text, tags, and
   * attachments that no other session uses. The ledger keeps its entries. Unknown ids are ignored.
   * Returns the number of removed sessions.
   */
  purge(ids: readonly string[]): Promise<number>;

  /**
   * Makes the caller the only writer of the session. Any message that an earlier holder left as
   * `running` becomes `interrupted`. Rejects with SessionHeldError, which names the holder and says
   * whether the lease has expired, until an earlier lease is released, or ended by `takeOver` or
   * `takeExpired`; and with SessionNotFoundError for a session in the trash.
   *
   * A lease expires by the clock that all users of the store share: that of the database server, or
   * of the machine with the file.
   */
  acquireLease(sessionId: string, request: LeaseRequest): Promise<Lease>;

  /**
   * Extends the lease to this duration from now. Rejects with SessionBusyError if it was lost; a
   * lease that has expired but was not taken is not lost.
   */
  renewLease(lease: Lease, durationMs: number): Promise<Lease>;

  /** Does nothing if the lease was lost. */
  releaseLease(lease: Lease): Promise<void>;

  /**
   * Asks the holder of the lease with this token to release it as soon as nothing runs in the
   * session. Repeating this is harmless. Does nothing if that lease has ended, and to an unknown
   * session.
   */
  requestHandOver(sessionId: string, token: number): Promise<void>;

  /** What became of a lease; cheap, so that its holder can look several times a second. */
  leaseState(lease: Lease): Promise<LeaseState>;
}

/** `requested`: another process asks for the session. `lost`: the lease was released or ended. */
export type LeaseState = 'held' | 'requested' | 'lost';

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface SessionQuery extends OwnerFilter {
  limit: number;
  cursor?: string | undefined;
  /** Occurs in the handle, the title or the preview, whatever the case. */
  text?: string | undefined;
  tag?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  workingDirectory?: string | undefined;
  origin?: string | undefined;
  updatedSince?: Date | undefined;
  updatedBefore?: Date | undefined;
  pinned?: boolean | undefined;
  /** False by default: only sessions that are not archived. `any` lists both. */
  archived?: boolean | 'any' | undefined;
  /** False by default: only sessions outside the trash. `any` lists both. */
  trashed?: boolean | 'any' | undefined;
}

export interface SessionChange extends Partial<Pick<Session, ChangeableField>> {
  addTags?: readonly string[];
  removeTags?: readonly string[];
  /** If the title has changed in the meantime, nothing is changed. */
  titleBefore?: string | null;
  /** Rejects with SessionChangedError, and changes nothing, if the session has another revision. */
  expectedRevision?: number | undefined;
}

/**
 * `limit` is at most 500; more gives 500. Without `before` and `after`: the newest. With `role`, only
 * messages of it; the newest context of a session is found at once, however long that is.
 */
export type MessagePage = {
  limit: number;
  role?: Role | undefined;
  /** The turns of the conversation by default. */
  turns?: TurnChoice | undefined;
} & ({ before?: number | undefined } | { after: number });

/**
 * `active`: the conversation; `all`: everything that is stored; else the conversation with the turn
 * `variant` in place of the active turn `instead`.
 */
export type TurnChoice = 'active' | 'all' | { variant: number; instead: number };

/**
 * `of` begins an alternative to the turn with that number, which has to be the last active one.
 * `turn` continues such an alternative. With `isChosen`, the same transaction chooses it as
 * `chooseVariant` does.
 */
export type VariantPlace = { of: number } | { turn: number; isChosen?: boolean | undefined };

/** Identifies the writer of a session, so that other processes can check it. */
export interface LeaseHolder {
  /** Random, and new for each requested lease. */
  instanceId: string;
  host: string;
  pid: number;
  /** Distinguishes the machine and its boot from others; empty if the system has no such id. */
  bootId: string;
  /** The namespace of `pid`; empty if the system has no such namespaces. */
  pidNamespace: string;
  /** Distinguishes a process from a later one with the same number; empty if the system does not report it. */
  processStart: string;
}

export interface LeaseRequest {
  holder: LeaseHolder;
  durationMs: number;
  /**
   * The token of a lease that may be ended, because its holder is known to be dead or has agreed.
   */
  takeOver?: number | undefined;
  /** The token of a lease that may be ended if it has expired. */
  takeExpired?: number | undefined;
}

export interface Lease {
  sessionId: string;
  /** Grows with every lease of the session; the store refuses a write under an older one. */
  token: number;
  holder: LeaseHolder;
  /** By the clock of the store. */
  expiresAt: Date;
  /**
   * The highest message number in the session, as far as the holder knows; `append` raises it. If
   * the session never gave this number, a change of messages under the lease rejects with
   * StorageError `replaced`, and changes nothing. An older copy of the database has then taken its
   * place, and lacks messages that the holder stored.
   */
  lastSeq: number;
}
