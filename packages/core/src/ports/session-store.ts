import type { Message, NewMessage, Role, PromptMessage } from '../session/message.ts';
import type { ChangeableField, NewFork, NewSession, Session } from '../session/session.ts';

/**
 * Sessions and their messages. When a promise resolves, its data is on the disk.
 *
 * Methods that take a session id reject with SessionNotFoundError when there is none, whether it
 * lives or is in the trash; those that change messages also reject for a session in the trash.
 */
export interface SessionStore {
  /** Rejects with SessionConflictError when the id or the handle is taken. */
  create(session: NewSession): Promise<Session>;

  /** Undefined for an unknown id. Sessions in the trash are found too. */
  get(id: string): Promise<Session | undefined>;

  /**
   * The sessions that `reference` may mean, by the first rule that fits any: the id, the handle, the
   * beginning of an id (at least four characters), the whole title. At most ten, newest first;
   * among those that a rule fits, living ones hide those in the trash.
   */
  find(reference: string): Promise<Session[]>;

  /**
   * By last activity, newest first; `cursor` is the `nextCursor` of the page before. Rejects with
   * InvalidDataError when it never was one.
   */
  list(query: SessionQuery): Promise<Page<Session>>;

  /**
   * Changes the given fields and leaves the rest; tags are removed before others are added. Rejects with
   * SessionConflictError when the handle is taken. `updatedAt` stays as it is. With a lease, takes that as
   * `append` does and changes nothing without it: the holder of a session changes it with the lease,
   * and everybody else without one.
   */
  update(id: string, change: SessionChange, lease?: Lease | null): Promise<Session>;

  /**
   * Stores messages at the end, all or none, in the given order, and returns them.
   *
   * A message whose id the session already has is not stored twice: one that is stored as `running`
   * is replaced by what is given and keeps its place, which is how an answer is checkpointed and
   * completed; any other stays as it is, so that a call may be repeated when its outcome is unknown.
   *
   * The same transaction stores the `ledgerEntryOf` each message in the ledger, once for each id. An
   * entry stays when its message is removed.
   *
   * The session's `updatedAt` becomes the time of its last message, unless it is later already: a
   * clock that is set back makes no session older. Rejects with SessionConflictError when another
   * session has one of the ids; with a lease, rejects with SessionBusyError when that is no longer
   * the session's lease, and with StorageError `replaced` where messages are gone that the holder
   * stored. Raises `lastSeq` of the lease.
   *
   * With `variant`, the messages belong to another turn in the place of the last one. It is stored
   * as inactive, so that the last turn stays what it is until the variant is chosen. Rejects with
   * SessionConflictError where the turn it names is not the last one, or no turn that can be chosen.
   */
  append(
    sessionId: string,
    messages: readonly NewMessage[],
    lease: Lease | null,
    variant?: VariantPlace,
  ): Promise<Message[]>;

  /**
   * Makes a turn the last one of the conversation, in one transaction: it becomes active, and the
   * turn that was active in the same place becomes inactive. Harmless where it is active already. A
   * turn that was undone comes back at the end, as long as nothing was stored since. Figures and
   * preview follow; `updatedAt` stays as it is. Takes the lease as `append` does. Rejects with
   * SessionConflictError, and changes nothing, where there is no such turn or the conversation goes
   * on behind its place.
   */
  chooseVariant(sessionId: string, turn: number, lease: Lease | null): Promise<void>;

  /** A page in the session's order: the newest `limit` below `before`, or the oldest above `after`. */
  messages(sessionId: string, page: MessagePage): Promise<Message[]>;

  /** The same page with no more of each message than requests need, which is read in half the time. */
  promptMessages(sessionId: string, page: MessagePage): Promise<PromptMessage[]>;

  /** Also an inactive one. Undefined if the session has no such message. */
  message(sessionId: string, messageId: string): Promise<Message | undefined>;

  /**
   * Takes the last turn out of the conversation and returns its messages as they are now; empty where
   * there is none. The turn becomes inactive and stays in the session, as the other turns in its place
   * do: none of them is active then. Its numbers are not given again, and `updatedAt` stays as it is.
   * Takes the lease as `append` does.
   */
  undoTurn(sessionId: string, lease: Lease | null): Promise<Message[]>;

  /**
   * Removes all messages for good, the inactive ones among them; the session itself stays, with its
   * `updatedAt`. Takes the lease as `append` does. Long sessions are cleared in short steps, from the
   * newest message to the oldest: where that breaks off, the rest is the session as it was at an
   * earlier time, and another `clear` removes it.
   */
  clear(sessionId: string, lease: Lease | null): Promise<void>;

  /**
   * Copies a session and its messages, up to and with `throughMessageId`, as a session of its own:
   * new message ids, each with `copyOf`, the same order, turns and times. The ledger stays as it is, so
   * the copy has spent nothing. It has no handle unless given, is
   * neither pinned, archived nor in the trash, and counts as active now, so that no cleanup takes it at
   * once; an answer that is still running there is `interrupted` in the copy. Inactive turns are copied
   * as inactive, but for that of `throughMessageId`: in the copy it is the last active turn. Long
   * sessions are copied as `StoreTransfer.addSession` stores them: in short steps, and invisible
   * until the last. Rejects with MessageNotFoundError when the session has no such message, with
   * SessionBusyError if another caller removes, undoes or chooses copied messages meanwhile, and like `create`.
   */
  fork(sessionId: string, fork: NewFork): Promise<Session>;

  /** Moves to the trash; harmless when it is there already. */
  trash(id: string, at: Date): Promise<void>;

  /**
   * Takes out of the trash; harmless when it lives. Counts as active at `at`, unless it was later
   * already, so that no cleanup takes it again at once. Rejects with SessionConflictError when another
   * session has taken the handle.
   */
  restore(id: string, at: Date): Promise<Session>;

  /**
   * Removes for good, living or not, with everything derived: search text, tags, attachments that
   * no other session holds on to. The ledger keeps its entries. Unknown ids are passed over. Returns how many went.
   */
  purge(ids: readonly string[]): Promise<number>;

  /**
   * Makes the caller the only writer of the session. Any message that an earlier holder left as `running`
   * becomes `interrupted`. Rejects with SessionHeldError, which names the holder and says whether the
   * lease has expired, until an earlier lease is released, or ended by `takeOver` or `takeExpired`;
   * and with SessionNotFoundError for a session in the trash.
   *
   * When a lease expires is decided by the clock that all who use the store have in common: that of
   * the database server, or of the machine that the file is on.
   */
  acquireLease(sessionId: string, request: LeaseRequest): Promise<Lease>;

  /**
   * Lets the lease last so long from now on. Rejects with SessionBusyError when it was lost; one that
   * has expired but was not taken is not.
   */
  renewLease(lease: Lease, durationMs: number): Promise<Lease>;

  /** Harmless when the lease was lost. */
  releaseLease(lease: Lease): Promise<void>;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface SessionQuery {
  limit: number;
  cursor?: string | undefined;
  /** Occurs in the handle, the title or the preview, whatever the case. */
  text?: string | undefined;
  tag?: string | undefined;
  provider?: string | undefined;
  model?: string | undefined;
  workingDirectory?: string | undefined;
  updatedSince?: Date | undefined;
  updatedBefore?: Date | undefined;
  pinned?: boolean | undefined;
  /** False by default: only sessions that are not archived. `any` shows both. */
  archived?: boolean | 'any' | undefined;
  /** False by default: only the living. `any` shows both. */
  trashed?: boolean | 'any' | undefined;
}

export interface SessionChange extends Partial<Pick<Session, ChangeableField>> {
  addTags?: readonly string[];
  removeTags?: readonly string[];
  /** If the title is another by now, nothing is changed. */
  titleBefore?: string | null;
}

/**
 * `limit` is at most 500; more gives 500. Without `before` and `after`: the newest. With `role`, only
 * messages of it; the newest context of a session is found at once, however long that is.
 */
export type MessagePage = {
  limit: number;
  role?: Role | undefined;
  /** Those of the conversation unless given. */
  turns?: TurnChoice | undefined;
} & ({ before?: number | undefined } | { after: number });

/**
 * `active`: the conversation; `all`: everything that is stored; else the conversation with the turn
 * `variant` where the active turn `instead` is.
 */
export type TurnChoice = 'active' | 'all' | { variant: number; instead: number };

/**
 * `of` begins another turn in the place of the turn with that number, which has to be the last active
 * one. `turn` goes on with a turn that was begun so; with `isChosen`, it is chosen as `chooseVariant`
 * does, in the same transaction.
 */
export type VariantPlace = { of: number } | { turn: number; isChosen?: boolean | undefined };

/** Identifies the writer of a session, so that other processes can check it. */
export interface LeaseHolder {
  /** Random, and new for each lease that is asked for. */
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
  /** The token of a lease that may be ended, because its holder is known to be dead or agreed. */
  takeOver?: number | undefined;
  /** The token of a lease that may be ended if it has expired by now. */
  takeExpired?: number | undefined;
}

export interface Lease {
  sessionId: string;
  /** Grows with every lease of the session; a write under an older one is refused. */
  token: number;
  holder: LeaseHolder;
  /** By the clock of the store. */
  expiresAt: Date;
  /**
   * The highest number that the session has given to a message, as far as the holder knows; `append`
   * raises it. A change of messages under the lease rejects with StorageError `replaced`, and changes
   * nothing, where the session has never given this number: an older copy of the database is in its
   * place, and what the holder stored is not in it.
   */
  lastSeq: number;
}
