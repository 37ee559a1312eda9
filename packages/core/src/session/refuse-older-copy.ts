import { StorageError } from '../errors/storage-error.ts';
import type { SynapseErrorOptions } from '../errors/synapse-error.ts';
import type { Lease } from '../ports/session-store.ts';

/**
 * Throws if a session is older than the lease on it. Lease tokens and message numbers only grow, so
 * only an older copy of the database has smaller ones.
 */
export function refuseOlderCopy(lease: Lease, found: Pick<Lease, 'token' | 'lastSeq'>): void {
  const missing = Math.max(0, lease.lastSeq - found.lastSeq);
  if (missing === 0 && found.token >= lease.token) return;
  const { sessionId } = lease;
  const state =
    missing === 0
      ? `it has an earlier state of session ${sessionId}`
      : `${missing} ${missing === 1 ? 'message is' : 'messages are'} missing from session ${sessionId}`;
  throw new StorageError(`The database was replaced by an older copy: ${state}.`, {
    reason: 'replaced',
    hint: 'Nothing was stored. ',
    action: {
      name: 'resume-older-copy',
      text: 'Put the newer database back, or continue in the older copy: resume the session again, or begin another one.',
    },
  });
}

/** Handles a missing session on which the caller holds a lease. */
export const LEASED_SESSION_GONE: SynapseErrorOptions = {
  hint: 'The session was purged, or the database was replaced by an older copy. ',
  action: { name: 'begin-session', text: 'Begin another session.' },
};

/** Call this after storing messages under the lease. */
export function noteStoredMessages(
  lease: Lease | null,
  messages: readonly { seq: number }[],
): void {
  if (!lease) return;
  for (const { seq } of messages) lease.lastSeq = Math.max(lease.lastSeq, seq);
}
