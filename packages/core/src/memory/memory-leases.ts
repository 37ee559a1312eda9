import { SessionBusyError, SessionHeldError } from '../errors/session-errors.ts';
import type { Lease, LeaseRequest } from '../ports/session-store.ts';
import { copyLease } from './copy-values.ts';
import type { MemoryState } from './memory-state.ts';

export function acquireLease(state: MemoryState, sessionId: string, request: LeaseRequest): Lease {
  const record = state.writable(sessionId, null);
  const { lease } = record;
  if (lease && lease.expiresAt > request.now && lease.token !== request.takeOver) {
    throw new SessionHeldError(copyLease(lease));
  }
  record.leaseToken += 1;
  const { holder, expiresAt } = request;
  record.lease = copyLease({ sessionId, token: record.leaseToken, holder, expiresAt });
  for (const message of record.messages) {
    if (message.status === 'running') message.status = 'interrupted';
  }
  return copyLease(record.lease);
}

export function renewLease(state: MemoryState, lease: Lease, expiresAt: Date): Lease {
  const record = state.records.get(lease.sessionId);
  if (record?.lease?.token !== lease.token) {
    throw new SessionBusyError(`The lease of session ${lease.sessionId} was lost.`);
  }
  record.lease = copyLease({ ...record.lease, expiresAt });
  return copyLease(record.lease);
}

export function releaseLease(state: MemoryState, lease: Lease): void {
  const record = state.records.get(lease.sessionId);
  if (record?.lease?.token === lease.token) record.lease = null;
}
