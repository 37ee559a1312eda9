import type { AuditNote, RetentionCandidate, RetentionQuery } from '@synapse/core/store-kit';
import { insertAudit } from './audit.ts';
import { clockOf } from './lease-session.ts';
import { keepOwners } from './owner.ts';
import { requireDeletion, markPurged } from './purge-sessions.ts';
import { LIMITED } from './read-activity.ts';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

type CandidateRow = Pick<SessionRow, 'id' | 'title' | 'handle' | 'updated_at' | 'message_count'>;
const CANDIDATE_COLUMNS = ['id', 'title', 'handle', 'updated_at', 'message_count'] as const;

export async function readCandidates(
  tables: Tables,
  { inactiveSince, mark, limit }: RetentionQuery,
): Promise<RetentionCandidate[]> {
  const select = removableSessions(tables)
    .where('updated_at', '<', inactiveSince.getTime())
    .orderBy('updated_at')
    .orderBy('id')
    .limit(limit)
    .select<CandidateRow[]>(...CANDIDATE_COLUMNS);
  if (mark !== undefined) {
    const newest =
      'select row_number from ?? where session_id = sessions.id order by seq desc limit 1';
    void select.whereRaw(`coalesce((${newest}), 0) <= ?`, [tables.nameOf('messages'), mark]);
  }
  return (await select).map(toCandidate);
}

export async function readExpired(
  tables: Tables,
  trashedBefore: Date,
  limit: number,
): Promise<RetentionCandidate[]> {
  const rows = await tables
    .from('sessions')
    .where('deleted_at', '<', trashedBefore.getTime())
    .where('purged', 0)
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(limit)
    .select(...CANDIDATE_COLUMNS);
  return rows.map(toCandidate);
}

export async function trashInactive(
  tables: Tables,
  candidates: readonly RetentionCandidate[],
  note: AuditNote,
): Promise<string[]> {
  const lastActive = new Map(
    candidates.map(({ sessionId, updatedAt }) => [sessionId, updatedAt.getTime()]),
  );
  // Locks the sessions, so that none becomes active between the check and the move.
  const locked = await removableSessions(tables)
    .whereIn('id', [...lastActive.keys()])
    .update('next_seq', tables.query.ref('next_seq'))
    .returning(['id', 'title', 'updated_at']);
  const moved = locked.filter((row) => lastActive.get(row.id) === row.updated_at);
  const ids = moved.map(({ id }) => id);
  await tables
    .from('sessions')
    .whereIn('id', ids)
    .update({ ...nextRevision(tables), deleted_at: note.at.getTime() });
  await insertAudit(tables, moved.map(toEntry('trash', note)));
  return ids;
}

export async function purgeExpired(
  tables: Tables,
  candidates: readonly RetentionCandidate[],
  note: AuditNote,
): Promise<string[]> {
  const ids = candidates.map(({ sessionId }) => sessionId);
  const taken = await markPurged(tables, ids).whereNotNull('deleted_at');
  await keepOwners(tables, taken);
  await requireDeletion(tables);
  await insertAudit(tables, taken.map(toEntry('purge', note)));
  return taken.map(({ id }) => id);
}

function removableSessions(tables: Tables) {
  const answering = tables.from('messages').where('status', 'running').select('session_id');
  return tables
    .from('sessions')
    .whereRaw(LIMITED)
    .where((where) => {
      void where.whereNull('lease_holder').orWhere('lease_expires_at', '<=', clockOf(tables));
    })
    .whereNotIn('id', answering);
}

function toCandidate(row: CandidateRow): RetentionCandidate {
  return {
    sessionId: row.id,
    title: fromStoredTextOrNull(row.title),
    handle: fromStoredTextOrNull(row.handle),
    updatedAt: new Date(row.updated_at),
    messageCount: row.message_count,
  };
}

function toEntry(action: 'trash' | 'purge', note: AuditNote) {
  return ({ id, title }: Pick<SessionRow, 'id' | 'title'>) => ({
    ...{ action, sessionId: id, title: fromStoredTextOrNull(title) },
    ...note,
  });
}
