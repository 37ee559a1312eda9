import type { ApprovalAnswer, ApprovalQuestion } from '../approval/create-approver.ts';
import type { OwnerFilter } from './identity.ts';

/**
 * Questions whether a tool call may run, so that they outlive a connection and any client may answer
 * them. They are removed with their session, and are neither exported nor copied to another store.
 * Clearing a session removes them as well, except pending ones.
 */
export interface ApprovalStore {
  /**
   * Stores a pending question. Does nothing if the id is stored already for this session. Rejects
   * with SessionNotFoundError for an unknown session, and with SessionConflictError if the id belongs
   * to another one.
   */
  open(approval: NewApproval): Promise<StoredApproval>;

  get(id: string): Promise<StoredApproval | undefined>;

  /** All pending questions, the oldest first. */
  pending(query?: PendingQuery): Promise<StoredApproval[]>;

  /**
   * Answers a pending question; the first answer wins, and the same answer again changes nothing.
   * Rejects with ApprovalClosedError if it has another answer, was withdrawn or has expired by `at`,
   * and with ApprovalNotFoundError for an unknown id.
   */
  decide(id: string, answer: ApprovalAnswer, by: string, at: Date): Promise<StoredApproval>;

  /** Closes a pending question that no longer needs an answer. Does nothing to any other. */
  withdraw(id: string, at: Date): Promise<void>;

  /** Closes the pending questions that expired by `at`, and returns them as they are then. */
  expire(at: Date): Promise<StoredApproval[]>;
}

export interface NewApproval {
  id: string;
  sessionId: string;
  /** The run that waits for the answer; null if something else does. */
  runId: string | null;
  /** The tool call that is to be approved. */
  callId: string;
  question: ApprovalQuestion;
  openedAt: Date;
  /** From this time on, the answer is no. */
  expiresAt: Date;
}

export interface StoredApproval extends NewApproval {
  state: ApprovalState;
  /** Set once it is decided. */
  answer: ApprovalAnswer | null;
  /** Who decided: the id of a token, or another name for the decider. */
  decidedBy: string | null;
  /** When it was decided, withdrawn or expired; null while it is pending. */
  closedAt: Date | null;
}

export type ApprovalState = 'pending' | 'decided' | 'withdrawn' | 'expired';

export interface PendingQuery extends OwnerFilter {
  sessionId?: string | undefined;
}
