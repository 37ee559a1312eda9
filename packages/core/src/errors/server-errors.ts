import type { StoredApproval } from '../ports/approval-store.ts';
import { SynapseError } from './synapse-error.ts';

/** The session has another revision than the caller expected; nothing was changed. */
export class SessionChangedError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_CHANGED';
  readonly revision: number;

  constructor(sessionId: string, revision: number) {
    super(`Session ${sessionId} was changed meanwhile: its revision is ${revision}.`, {
      hint: 'Read the session again, and repeat the change if it is still needed.',
    });
    this.revision = revision;
  }
}

export class TokenNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_TOKEN_NOT_FOUND';

  constructor(id: string) {
    super(`No token has the id ${id}.`, { hint: 'List the tokens to see their ids.' });
  }
}

/** The id or the hash of a new token is taken. */
export class TokenConflictError extends SynapseError {
  override readonly code = 'SYNAPSE_TOKEN_CONFLICT';

  constructor(id: string) {
    super(`The token ${id} exists already.`, { hint: 'Create a token with a new id.' });
  }
}

export class RunNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_RUN_NOT_FOUND';

  constructor(id: string) {
    super(`No run has the id ${id}.`);
  }
}

/** The run takes no more events. */
export class RunEndedError extends SynapseError {
  override readonly code = 'SYNAPSE_RUN_ENDED';

  constructor(id: string) {
    super(`The run ${id} has ended.`);
  }
}

export class ApprovalNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_APPROVAL_NOT_FOUND';

  constructor(id: string) {
    super(`No approval has the id ${id}.`);
  }
}

/** The question has another answer, was withdrawn or has expired. */
export class ApprovalClosedError extends SynapseError {
  override readonly code = 'SYNAPSE_APPROVAL_CLOSED';

  constructor(approval: StoredApproval) {
    super(`The approval ${approval.id} can't be decided: ${reasonWhyClosed(approval)}.`);
  }
}

function reasonWhyClosed({ state, answer }: StoredApproval): string {
  switch (state) {
    case 'decided':
      return `it was answered with "${answer ?? ''}"`;
    case 'withdrawn':
      return 'it was withdrawn';
    default:
      return 'it has expired';
  }
}
