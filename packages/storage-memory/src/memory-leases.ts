import { SessionBusyError, SessionHeldError, type Lease } from '@synapse/core';
import type { LeaseRequest, LeaseState } from '@synapse/core/store-kit';
import { copyLease } from './copy-values.ts';
import type { MemoryState } from './memory-state.ts';

export function acquireLease(state: MemoryState, sessionId: string, request: LeaseRequest): Lease {
  const record = state.writable(sessionId, null);
  const { lease } = record;
  if (lease && lease.token !== request.takeOver) {
    const hasExpired = !isInForce(lease);
    if (!hasExpired || lease.token !== request.takeExpired) {
      throw new SessionHeldError(copyLease(lease), hasExpired);
    }
  }
  record.leaseToken += 1;
  record.lease = copyLease({
    ...{ sessionId, token: record.leaseToken, holder: request.holder },
    expiresAt: inMs(request.durationMs),
    lastSeq: record.nextSeq - 1,
  });
  const left = record.messages.filter(({ status }) => status === 'running');
  if (left.length > 0) state.noteChange('messages', record);
  for (const message of left) {
    message.status = 'interrupted';
    const entry = state.ledger.get(message.id);
    if (entry) state.ledger.set(entry.id, { ...entry, status: 'interrupted' });
  }
  return copyLease(record.lease);
}

export function renewLease(state: MemoryState, lease: Lease, durationMs: number): Lease {
  const record = state.records.get(lease.sessionId);
  if (record?.lease?.token !== lease.token) {
    throw new SessionBusyError(`The lease of session ${lease.sessionId} was lost.`);
  }
  record.lease = copyLease({ ...lease, expiresAt: inMs(durationMs) });
  return copyLease(record.lease);
}

export function releaseLease(state: MemoryState, lease: Lease): void {
  const record = state.records.get(lease.sessionId);
  if (record?.lease?.token === lease.token) record.lease = null;
}

export function requestHandOver(state: MemoryState, sessionId: string, token: number): void {
  const record = state.records.get(sessionId);
  if (record?.lease?.token === token) record.requestedToken = token;
}

export function leaseState(state: MemoryState, lease: Lease): LeaseState {
  const record = state.records.get(lease.sessionId);
  if (record?.lease?.token !== lease.token) return 'lost';
  return record.requestedToken === lease.token ? 'requested' : 'held';
}

export function isInForce(lease: Lease): boolean {
  return lease.expiresAt.getTime() > Date.now();
}

function inMs(durationMs: number): Date {
  return new Date(Date.now() + durationMs);
}
