import {
  SessionBusyError,
  SessionHeldError,
  SessionNotFoundError,
  type Lease,
} from '@synapse/core';
import type { LeaseHolder, LeaseRequest, LeaseState } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import type { Tables } from './tables.ts';

export async function acquireLease(
  tables: Tables,
  sessionId: string,
  request: LeaseRequest,
): Promise<Lease> {
  const { holder, durationMs, takeOver, takeExpired } = request;
  const [taken] = await tables
    .from('sessions')
    .where('id', sessionId)
    .whereNull('deleted_at')
    .where((where) => {
      void where.whereNull('lease_holder');
      if (takeOver !== undefined) void where.orWhere('lease_token', takeOver);
      if (takeExpired === undefined) return;
      void where.orWhere((expired) => {
        void expired
          .where('lease_token', takeExpired)
          .where('lease_expires_at', '<=', clockOf(tables));
      });
    })
    .update({
      lease_token: tables.query.raw('lease_token + 1'),
      lease_holder: JSON.stringify(holder),
      lease_expires_at: clockOf(tables, durationMs),
    })
    .returning(['lease_token', 'lease_expires_at', 'next_seq']);
  if (!taken) {
    await refuseHeld(tables, sessionId);
    // The lease was released between the two statements.
    return acquireLease(tables, sessionId, request);
  }
  const left = await tables
    .from('messages')
    .where({ session_id: sessionId, status: 'running' })
    .update({ status: 'interrupted' })
    .returning('id');
  if (left.length > 0) {
    const ids = left.map(({ id }) => id);
    await tables.from('ledger').whereIn('id', ids).update({ status: 'interrupted' });
    await tables.from('sessions').where('id', sessionId).update(nextRevision(tables));
  }
  const { lease_token: token, lease_expires_at: expiresAtMs, next_seq: nextSeq } = taken;
  const expiresAt = new Date(expiresAtMs ?? 0);
  return { sessionId, token, holder: { ...holder }, expiresAt, lastSeq: nextSeq - 1 };
}

export async function renewLease(tables: Tables, lease: Lease, durationMs: number): Promise<Lease> {
  const [renewed] = await heldUnder(tables, lease)
    .update({ lease_expires_at: clockOf(tables, durationMs) })
    .returning('lease_expires_at');
  if (!renewed) throw new SessionBusyError(`The lease of session ${lease.sessionId} was lost.`);
  return { ...lease, expiresAt: new Date(renewed.lease_expires_at ?? 0) };
}

export async function releaseLease(tables: Tables, lease: Lease): Promise<void> {
  await heldUnder(tables, lease).update({ lease_holder: null, lease_expires_at: null });
}

/** The mark counts for the lease with that token only, so nothing has to remove it. */
export async function requestHandOver(
  tables: Tables,
  sessionId: string,
  token: number,
): Promise<void> {
  await tables
    .from('sessions')
    .where({ id: sessionId, lease_token: token })
    .whereNotNull('lease_holder')
    .update({ lease_requested: token });
}

export async function readLeaseState(tables: Tables, lease: Lease): Promise<LeaseState> {
  const [row] = await heldUnder(tables, lease).select('lease_requested');
  if (!row) return 'lost';
  return row.lease_requested === lease.token ? 'requested' : 'held';
}

function heldUnder(tables: Tables, { sessionId, token }: Lease) {
  return tables
    .from('sessions')
    .where({ id: sessionId, lease_token: token })
    .whereNotNull('lease_holder');
}

/** An earlier attempt got the lease, although its commit reported an error. */
export async function readOwnLease(
  tables: Tables,
  sessionId: string,
  { holder }: LeaseRequest,
): Promise<Lease | undefined> {
  const [row] = await tables
    .from('sessions')
    .where({ id: sessionId, lease_holder: JSON.stringify(holder) });
  return (row && leaseOfRow(row)) ?? undefined;
}

/** The present time on the clock of leases, plus an offset. */
export function clockOf({ query, dialect }: Tables, laterMs = 0): Knex.Raw<number> {
  return query.raw<number>(`${dialect.clock} + ?`, [laterMs]);
}

async function refuseHeld(tables: Tables, sessionId: string): Promise<void> {
  const [row] = await tables
    .from('sessions')
    .where('id', sessionId)
    .whereNull('deleted_at')
    .select<(SessionRow & { now: number })[]>(
      '*',
      tables.query.raw(`${tables.dialect.clock} as now`),
    );
  if (!row) throw new SessionNotFoundError(sessionId);
  const lease = leaseOfRow(row);
  if (lease) throw new SessionHeldError(lease, lease.expiresAt.getTime() <= row.now);
}

function leaseOfRow(row: SessionRow): Lease | null {
  if (row.lease_holder === null || row.lease_expires_at === null) return null;
  return {
    sessionId: row.id,
    token: row.lease_token,
    holder: JSON.parse(row.lease_holder) as LeaseHolder,
    expiresAt: new Date(row.lease_expires_at),
    lastSeq: row.next_seq - 1,
  };
}
