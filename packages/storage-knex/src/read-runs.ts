import { RunNotFoundError, type Run, type RunOutcome } from '@synapse/core/server';
import type { LeaseHolder } from '@synapse/core/store-kit';
import { filterBySession } from './owner.ts';
import type { RunRow, SessionRow } from './rows.ts';
import type { Tables } from './tables.ts';

export function livingRuns(tables: Tables) {
  const select = tables.from('runs');
  filterBySession(tables, select, 'runs');
  return select;
}

export async function readRun(tables: Tables, runId: string): Promise<Run | undefined> {
  const [row] = await livingRuns(tables).where('id', runId);
  return row && fromRow(row);
}

export async function requireRun(tables: Tables, runId: string): Promise<Run> {
  const run = await readRun(tables, runId);
  if (!run) throw new RunNotFoundError(runId);
  return run;
}

type LeasedRun = RunRow &
  Pick<SessionRow, 'lease_holder' | 'lease_expires_at' | 'deleted_at'> & { now: number };

export async function readOrphans(
  tables: Tables,
  isDead: (holder: LeaseHolder) => boolean,
): Promise<Run[]> {
  const rows = await tables
    .from('runs')
    .innerJoin('sessions', 'sessions.id', 'runs.session_id')
    .where('sessions.purged', 0)
    .whereNull('runs.outcome')
    .orderBy(['runs.started_at', 'runs.id'])
    .select<LeasedRun[]>(
      ...['runs.*', 'sessions.lease_holder', 'sessions.lease_expires_at', 'sessions.deleted_at'],
      tables.query.raw(`${tables.dialect.clock} as now`),
    );
  return rows.filter((row) => isOrphan(row, isDead)).map(fromRow);
}

function isOrphan(row: LeasedRun, isDead: (holder: LeaseHolder) => boolean): boolean {
  const { lease_holder, lease_expires_at, deleted_at } = row;
  if (lease_holder === null || deleted_at !== null || (lease_expires_at ?? 0) <= row.now)
    return true;
  const holder = JSON.parse(lease_holder) as LeaseHolder;
  return holder.instanceId !== row.instance_id || isDead(holder);
}

export function fromRow(row: RunRow): Run {
  return {
    id: row.id,
    sessionId: row.session_id,
    instanceId: row.instance_id,
    requestHash: row.request_hash,
    startedAt: new Date(row.started_at),
    outcome: row.outcome as RunOutcome | null,
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    isCancelRequested: row.cancel_requested === 1,
    position: row.position,
  };
}
