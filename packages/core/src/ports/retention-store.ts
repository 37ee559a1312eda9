/** What the retention policy must know of the store, and what it may do to it. */
export interface RetentionStore {
  /**
   * Sessions that may be moved to the trash, oldest activity first: living, unpinned, without a
   * running answer or a lease in force, last active before `inactiveSince`. At most `limit`.
   */
  candidates(query: RetentionQuery): Promise<RetentionCandidate[]>;

  /** How many sessions live, the pinned ones among them. */
  countLiving(): Promise<number>;

  /** Sessions that lie in the trash since before `trashedBefore`, oldest first. At most `limit`. */
  expiredTrash(trashedBefore: Date, limit: number): Promise<RetentionCandidate[]>;

  /**
   * Moves to the trash those of the candidates that still qualify as they did, with a line in the
   * audit for each, in one short transaction. Returns the ids that were moved.
   */
  trash(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /** Removes for good those that still lie in the trash, with a line in the audit for each. */
  purge(candidates: readonly RetentionCandidate[], audit: AuditNote): Promise<string[]>;

  /** The newest lines of the audit, newest first. */
  audit(limit: number): Promise<AuditEntry[]>;
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
