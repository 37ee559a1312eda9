/** What the retention policy reads from the store, and what it may change. */
export interface RetentionStore {
  /**
   * Sessions that may be moved to the trash, oldest activity first, then by id: living, neither pinned
   * nor archived, without a running answer or a lease in force, last active before `inactiveSince`.
   * At most `limit`; however many sessions there are that may not go by their time, none is read.
   */
  candidates(query: RetentionQuery): Promise<RetentionCandidate[]>;

  /**
   * When the session at this place was last active, counted from the newest, which is 1; null where
   * there are fewer. Only sessions count that a limit applies to: living, neither pinned nor archived.
   */
  activityAtRank(rank: number): Promise<Date | null>;

  /** How many of those sessions were last active within a range of time; counts no further than `limit`. */
  countActive(range: ActivityRange, limit: number): Promise<number>;

  /** The last activity of the session that was active last, living or not; null where there is none. */
  newestActivity(): Promise<Date | null>;

  /**
   * How far the store has come in the order in which messages are stored; no clock has a part in it. A
   * message that is stored later is after this mark, unless the newest ones were removed meanwhile.
   */
  mark(): Promise<number>;

  /** Sessions in the trash since before `trashedBefore`, longest first. At most `limit`. */
  expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]>;

  /**
   * Moves to the trash those of the candidates that still qualify as they did, at `audit.at`, with a
   * line in the audit for each, in short transactions. Whoever has been active, pinned, archived or
   * leased since stays. Returns the ids that were moved.
   */
  trash(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Takes away for good those that still lie in the trash, with a line in the audit for each, in short
   * transactions: from here on they are invisible to all readers, however long they are. `scrub` is to
   * follow, which removes their content and frees their ids. Returns the purged ids.
   */
  purge(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Removes everything that remains of purged sessions: rows, entries of the search index and,
   * if the store controls them, content of the files. In short steps, so that no caller has to wait;
   * when aborted it stops between two, and the next call continues. `SessionStore.purge` does this by
   * itself.
   */
  scrub(signal?: AbortSignal): Promise<void>;

  /** Whether a purge has left data for a scrub to remove; one lookup. */
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

  /** The record of earlier cleanups. */
  memo(): Promise<RetentionMemo>;

  /** Changes the given fields and leaves the rest. */
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
  inactiveSince: Date;
  /** Sessions that got a message after this mark are left out; all may be named where it is missing. */
  mark?: number | undefined;
  limit: number;
}

export interface ActivityRange {
  /** From this time on. */
  since?: Date | undefined;
  before?: Date | undefined;
}

export interface RetentionCandidate {
  sessionId: string;
  title: string | null;
  handle: string | null;
  updatedAt: Date;
  messageCount: number;
}

export interface RetentionMemo {
  /** When a cleanup last came to its end, or would have under a clock that can be right. */
  lastRunAt: Date | null;
  /** Since when cleanups wait for the clock to prove right; null while they don't. */
  heldSince: Date | null;
  /** Until when no automatic cleanup looks for work. */
  nextLookAt: Date | null;
  /** When the user was shown what cleanups do; before that no automatic cleanup runs. */
  announcedAt: Date | null;
  /** The mark of the last cleanup that came to its end, and of the one before. */
  mark: number | null;
  markBefore: number | null;
  /** When the user was last warned that sessions pile up. */
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
