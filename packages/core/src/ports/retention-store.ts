/** What the retention policy must know of the store, and what it may do to it. */
export interface RetentionStore {
  /**
   * Sessions that may be moved to the trash, oldest activity first, then by id: living, unpinned,
   * without a running answer or a lease in force, last active before `inactiveSince`. At most `limit`.
   */
  candidates(query: RetentionQuery): Promise<RetentionCandidate[]>;

  /** How many sessions live, the pinned ones among them. */
  countLiving(): Promise<number>;

  /** The last activity of the session that was active last, living or not; null where there is none. */
  newestActivity(): Promise<Date | null>;

  /** Sessions that lie in the trash since before `trashedBefore`, longest first. At most `limit`. */
  expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]>;

  /**
   * Moves to the trash those of the candidates that still qualify as they did, at `audit.at`, with a
   * line in the audit for each, in one short transaction. Whoever has been active, pinned or leased
   * since stays. Returns the ids that were moved.
   */
  trash(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Takes away for good those that still lie in the trash, with a line in the audit for each, in short
   * transactions: from here on they are there for nobody, however long they are. `scrub` is to
   * follow, which removes what they held and sets their ids free. Returns the ids that went.
   */
  purge(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Sees that nothing of what was purged remains: not its rows, nor anything in the search index and,
   * where the store has them in its hands, in the files. In short steps, so that nobody has to wait;
   * when aborted it stops between two, and the next one goes on. `SessionStore.purge` does this by
   * itself.
   */
  scrub(signal?: AbortSignal): Promise<void>;

  /** Whether something was purged of which a scrub has yet to remove the rest; one lookup. */
  isScrubDue(): Promise<boolean>;

  /**
   * Drops bytes that were stored before this time and that no session holds on to: the message that
   * they were for has never come to be. Removes, too, what processes have left of long sessions that
   * they were storing, where they last did so before this time. In short steps; when aborted it stops
   * between two. Returns how many bytes went, by their hashes; two lookups where there is nothing.
   */
  dropForgotten(storedBefore: Date, signal?: AbortSignal): Promise<number>;

  /** The newest lines of the audit, newest first. */
  audit(limit: number): Promise<AuditEntry[]>;

  /** What earlier cleanups have left to be known. */
  memo(): Promise<RetentionMemo>;

  /** Changes what is given and leaves the rest. */
  saveMemo(change: Partial<RetentionMemo>): Promise<void>;

  /**
   * Lets one cleanup at a time begin, among all processes on all machines that share the store. False
   * while another claim is in force. A claim that would last longer than `durationMs` from now was
   * made by a clock that was wrong, and is not in force.
   */
  claim(claim: RetentionClaim): Promise<boolean>;

  /** Ends the claim with this token; harmless when it was lost. */
  releaseClaim(token: string): Promise<void>;
}

export interface RetentionQuery {
  now: Date;
  inactiveSince: Date;
  limit: number;
}

export interface RetentionCandidate {
  sessionId: string;
  title: string | null;
  handle: string | null;
  updatedAt: Date;
  messageCount: number;
}

export interface RetentionMemo {
  /** When a cleanup last came to its end. */
  lastRunAt: Date | null;
  /** Since when cleanups hold back because time has leapt; null while they don't. */
  heldSince: Date | null;
  /** When the person was last told that sessions pile up. */
  lastHintAt: Date | null;
}

export interface RetentionClaim {
  /** Made by the caller, for each claim a new one. */
  token: string;
  now: Date;
  durationMs: number;
}

export interface AuditNote {
  at: Date;
  /** The rule that asked for it, in words. */
  reason: string;
}

export interface AuditEntry extends AuditNote {
  action: 'trash' | 'purge';
  sessionId: string;
  title: string | null;
}
