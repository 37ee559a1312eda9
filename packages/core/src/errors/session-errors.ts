import type { Lease } from '../ports/session-store.ts';
import { SynapseError, type SynapseErrorOptions } from './synapse-error.ts';

export class SessionNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_NOT_FOUND';

  constructor(reference: string, options?: SynapseErrorOptions) {
    super(`No session matches "${reference}".`, options);
  }
}

/** The session exists, but can't be resumed while it is in the trash. */
export class SessionInTrashError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_NOT_FOUND';

  constructor(name: string) {
    super(`The session "${name}" is in the trash.`, {
      action: { name: 'restore-session', session: name, text: 'Restore it.' },
    });
  }
}

export class MessageNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_MESSAGE_NOT_FOUND';

  constructor(messageId: string, sessionId: string) {
    super(`Session ${sessionId} has no message ${messageId}.`);
  }
}

/** Several sessions match; the caller can show them. */
export class SessionAmbiguousError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_AMBIGUOUS';
  readonly candidates: readonly string[];

  constructor(reference: string, candidates: readonly string[]) {
    super(`"${reference}" fits ${candidates.length} sessions:\n  ${candidates.join('\n  ')}`, {
      hint: 'Give more of the id.',
    });
    this.candidates = candidates;
  }
}

/** The id or the handle is taken. */
export class SessionConflictError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_CONFLICT';
}

/** Another process took the lease: nothing was written. */
export class SessionBusyError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_BUSY';
}

/**
 * Another process holds the session; `lease` names it, and can be used to take over. `hasExpired`:
 * the holder has not renewed the lease in time.
 */
export class SessionHeldError extends SynapseError {
  override readonly code = 'SYNAPSE_SESSION_HELD';
  readonly lease: Lease;
  readonly hasExpired: boolean;

  constructor(lease: Lease, hasExpired: boolean, options: SynapseErrorOptions = {}) {
    const { host, pid } = lease.holder;
    super(`Session ${lease.sessionId} is open in process ${pid} on ${host}.`, {
      hint: 'Close it there first, or fork the session and continue with the copy.',
      ...options,
    });
    this.lease = lease;
    this.hasExpired = hasExpired;
  }
}
