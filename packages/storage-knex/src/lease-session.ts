import {
  SessionBusyError,
  SessionHeldError,
  SessionNotFoundError,
  type Lease,
  type LeaseHolder,
  type LeaseRequest,
} from '@synapse/core';
import type { SessionRow } from './rows.ts';
import type { Tables } from './tables.ts';

export async function acquireLease(
  tables: Tables,
  sessionId: string,
  request: LeaseRequest,
): Promise<Lease> {
  const { holder, now, expiresAt, takeOver } = request;
  const [taken] = await tables
    .from('sessions')
    .where('id', sessionId)
    .whereNull('deleted_at')
    .where((where) => {
      void where.whereNull('lease_holder').orWhere('lease_expires_at', '<=', now.getTime());
      if (takeOver !== undefined) void where.orWhere('lease_token', takeOver);
    })
    .update({
      lease_token: tables.query.raw('lease_token + 1'),
      lease_holder: JSON.stringify(holder),
      lease_expires_at: expiresAt.getTime(),
    })
    .returning('lease_token');
  if (!taken) return refuse(tables, sessionId);
  await tables
    .from('messages')
    .where({ session_id: sessionId, status: 'running' })
    .update({ status: 'interrupted' });
  return { sessionId, token: taken.lease_token, holder: { ...holder }, expiresAt };
}

export async function renewLease(tables: Tables, lease: Lease, expiresAt: Date): Promise<Lease> {
  const renewed = await heldUnder(tables, lease).update({ lease_expires_at: expiresAt.getTime() });
  if (renewed === 0) {
    throw new SessionBusyError(`The lease of session ${lease.sessionId} was lost.`);
  }
  return { ...lease, expiresAt };
}

export async function releaseLease(tables: Tables, lease: Lease): Promise<void> {
  await heldUnder(tables, lease).update({ lease_holder: null, lease_expires_at: null });
}

function heldUnder(tables: Tables, { sessionId, token }: Lease) {
  return tables
    .from('sessions')
    .where({ id: sessionId, lease_token: token })
    .whereNotNull('lease_holder');
}

/** The lease that an earlier attempt got, though it was told otherwise. */
export async function readOwnLease(
  tables: Tables,
  sessionId: string,
  { holder, expiresAt }: LeaseRequest,
): Promise<Lease | undefined> {
  const [row] = await tables.from('sessions').where({
    id: sessionId,
    lease_holder: JSON.stringify(holder),
    lease_expires_at: expiresAt.getTime(),
  });
  return (row && leaseOfRow(row)) ?? undefined;
}

async function refuse(tables: Tables, sessionId: string): Promise<never> {
  const [row] = await tables.from('sessions').where('id', sessionId).whereNull('deleted_at');
  const lease = row && leaseOfRow(row);
  throw lease ? new SessionHeldError(lease) : new SessionNotFoundError(sessionId);
}

function leaseOfRow(row: SessionRow): Lease | null {
  if (row.lease_holder === null || row.lease_expires_at === null) return null;
  return {
    sessionId: row.id,
    token: row.lease_token,
    holder: JSON.parse(row.lease_holder) as LeaseHolder,
    expiresAt: new Date(row.lease_expires_at),
  };
}
