import type { ApprovalAnswer } from '@synapse/core/conversation';
import {
  ApprovalClosedError,
  ApprovalNotFoundError,
  type ApprovalStore,
  type NewApproval,
  type PendingQuery,
  type StoredApproval,
} from '@synapse/core/server';
import { SessionConflictError } from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

export class MemoryApprovalStore implements ApprovalStore {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async open(given: NewApproval): Promise<StoredApproval> {
    this.#state.existing(given.sessionId);
    const known = this.#state.approvals.get(given.id);
    if (known && known.sessionId !== given.sessionId) {
      throw new SessionConflictError(`An approval of another session has the id ${given.id}.`);
    }
    if (known) return structuredClone(known);
    const open = { state: 'pending' as const, answer: null, decidedBy: null, closedAt: null };
    const approval = { ...structuredClone(given), ...open };
    this.#state.approvals.set(approval.id, approval);
    this.#note(approval);
    return structuredClone(approval);
  }

  async get(id: string): Promise<StoredApproval | undefined> {
    return structuredClone(this.#state.approvals.get(id));
  }

  async pending({ sessionId, owner }: PendingQuery = {}): Promise<StoredApproval[]> {
    const pending = [...this.#state.approvals.values()]
      .filter(({ state }) => state === 'pending')
      .filter((one) => sessionId === undefined || one.sessionId === sessionId)
      .filter(
        (one) => owner === undefined || this.#state.existing(one.sessionId).session.owner === owner,
      )
      .sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime() || (a.id < b.id ? -1 : 1));
    return structuredClone(pending);
  }

  async decide(id: string, answer: ApprovalAnswer, by: string, at: Date): Promise<StoredApproval> {
    const approval = this.#state.approvals.get(id);
    if (!approval) throw new ApprovalNotFoundError(id);
    if (approval.state === 'pending' && approval.expiresAt > at) {
      Object.assign(approval, { answer, decidedBy: by });
      this.#close(approval, 'decided', at);
    } else if (approval.answer !== answer) {
      throw new ApprovalClosedError(approval);
    }
    return structuredClone(approval);
  }

  async withdraw(id: string, at: Date): Promise<void> {
    const approval = this.#state.approvals.get(id);
    if (approval?.state === 'pending') this.#close(approval, 'withdrawn', at);
  }

  async expire(at: Date): Promise<StoredApproval[]> {
    const expired = [...this.#state.approvals.values()]
      .filter(({ state, expiresAt }) => state === 'pending' && expiresAt <= at)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const approval of expired) this.#close(approval, 'expired', at);
    return structuredClone(expired);
  }

  #close(approval: StoredApproval, state: StoredApproval['state'], at: Date): void {
    Object.assign(approval, { state, closedAt: new Date(at) });
    this.#note(approval);
  }

  #note({ sessionId }: StoredApproval): void {
    this.#state.changes.note('approval', this.#state.existing(sessionId).session);
  }
}
