/** The part of the store that the retention policy reads and changes. */
export interface RetentionStore {
  /**
   * Sessions that may be moved to the trash, oldest activity first, then by id. They are neither in
   * the trash, pinned, archived nor imported from another tool, have no running answer and no lease
   * in force, and were last active before `inactiveSince`. Returns at most `limit`. The time does not depend on the number
   * of other sessions.
   */
  candidates(query: RetentionQuery): Promise<RetentionCandidate[]>;

  /**
   * When the session at this rank was last active, counted from the newest, which is 1; null if
   * there are fewer. Counts only sessions that a limit applies to: neither in the trash, pinned,
   * archived nor imported from another tool.
   */
  activityAtRank(rank: number): Promise<Date | null>;

  /** How many of those sessions were last active within a range of time; counts no further than `limit`. */
  countActive(range: ActivityRange, limit: number): Promise<number>;

  /**
   * The last activity of the most recently active session, in the trash or not; null without
   * sessions.
   */
  newestActivity(): Promise<Date | null>;

  /**
   * The store's position in the order in which messages are stored, independent of clocks. A
   * message that is stored later is after this mark, unless the newest ones were removed in the
   * meantime.
   */
  mark(): Promise<number>;

  /** Sessions in the trash since before `trashedBefore`, longest first. At most `limit`. */
  expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]>;

  /**
   * Moves to the trash those candidates that still qualify, at `audit.at`, with a line in the audit
   * for each, in short transactions. Spares sessions that were active, pinned, archived or leased
   * since. Returns the ids of the moved sessions.
   */
  trash(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Purges those sessions that are still in the trash, with a line in the audit for each, in short
   * transactions. From then on readers don't see them, however long they are. A `scrub` must
   * follow, which removes their content and frees their ids. Returns the purged ids.
   */
  purge(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /**
   * Removes everything that remains of purged sessions: rows, entries of the search index and, if
   * the store controls them, content of the files. Works in short steps, so that no caller has to
   * wait. When aborted, it stops between two steps, and the next call continues.
   * `SessionStore.purge` includes a scrub.
   */
  scrub(signal?: AbortSignal): Promise<void>;

  /** Whether a purge has left data for a scrub to remove; one lookup. */
  isScrubDue(): Promise<boolean>;

  /**
   * Removes bytes that were stored before this time and that no session uses, because their message
   * was never stored. Also removes the parts of long sessions whose storing was abandoned, if their
   * last part was stored before this time, and the changes of `ChangeFeed` that were made before it.
   * Works in short steps; when aborted, it stops between two. Returns how many attachments were
   * removed; a few lookups if there is nothing to remove.
   */
  dropForgotten(storedBefore: Date, signal?: AbortSignal): Promise<number>;

  /** The newest lines of the audit, newest first. */
  audit(limit: number): Promise<AuditEntry[]>;

  /** The record of earlier cleanups. */
  memo(): Promise<RetentionMemo>;

  /** Changes the given fields and keeps the rest. */
  saveMemo(change: Partial<RetentionMemo>): Promise<void>;

  /**
   * Lets only one cleanup run at a time, among all processes on all machines that share the store.
   * Returns false while another claim is in force. A claim that would last longer than `durationMs`
   * from now was made by a wrong clock, and is not in force.
   */
  claim(claim: RetentionClaim): Promise<boolean>;

  /** Ends the claim with this token; does nothing if it was lost. */
  releaseClaim(token: string): Promise<void>;
}

export interface RetentionQuery {
  inactiveSince: Date;
  /** Leaves out sessions that got a message after this mark; without a mark, leaves out none. */
  mark?: number | undefined;
  limit: number;
}

export interface ActivityRange {
  /** This time and later. */
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
  /** When a cleanup last finished, or would have finished with a plausible clock. */
  lastRunAt: Date | null;
  /** Since when cleanups wait because the clock is doubtful; null while they don't. */
  heldSince: Date | null;
  /** Until when automatic cleanups don't look for work. */
  nextLookAt: Date | null;
  /** When the user was shown what cleanups do; before that no automatic cleanup runs. */
  announcedAt: Date | null;
  /** The marks of the last finished cleanup, and of the one before. */
  mark: number | null;
  markBefore: number | null;
  /** When the user was last warned that sessions pile up. */
  lastHintAt: Date | null;
}

export interface RetentionClaim {
  /** Made by the caller, new for each claim. */
  token: string;
  now: Date;
  durationMs: number;
}

export interface AuditNote {
  at: Date;
  /** The rule that the cleanup followed, in words. */
  reason: string;
}

export interface AuditEntry extends AuditNote {
  action: 'trash' | 'purge';
  sessionId: string;
  title: string | null;
}
