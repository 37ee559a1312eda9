import { SessionBusyError, SessionNotFoundError, type Lease, type Session } from '@synapse/core';
import { DamagedDataError, LEASED_SESSION_GONE, refuseOlderCopy } from '@synapse/core/store-kit';
import type { SessionRow } from './rows.ts';
import { areFiguresIntact, isSealIntact, sealColumns, type Seals } from './seal-session.ts';
import {
  fromSessionRow,
  sessionColumns,
  toSessionRow,
  type SessionRowWithTags,
} from './session-rows.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function insertSession(
  tables: Tables,
  session: Session,
  columns: Partial<SessionRow> = {},
): Promise<void> {
  await tables.from('sessions').insert({ ...toSessionRow(session), ...columns });
  await insertTags(tables, session.id, session.tags);
}

export async function insertTags(
  tables: Tables,
  sessionId: string,
  tags: readonly string[],
): Promise<void> {
  if (tags.length === 0) return;
  await tables
    .from('session_tags')
    .insert(tags.map((tag) => ({ session_id: sessionId, tag: toStoredText(tag) })))
    .onConflict(['session_id', 'tag'])
    .ignore();
}

/** Sessions with their tags, to be filtered and ordered. */
export function selectSessions(tables: Tables) {
  const tags = tables.query.raw(
    `(select ${tables.dialect.jsonArrayFunction}(tag) from ?? where session_id = sessions.id) as tags`,
    [tables.nameOf('session_tags')],
  );
  return tables
    .from('sessions')
    .where('purged', 0)
    .select<(SessionRowWithTags & Seals)[]>(
      ...sessionColumns.map((column) => `sessions.${column}`),
      ...(tables.dialect.checksPages ? [] : sealColumns.map((column) => `sessions.${column}`)),
      tags,
    );
}

/** Throws a DamagedDataError if the row does not match its seal. */
export function verifiedSession({ dialect }: Tables, row: SessionRowWithTags & Seals): Session {
  if (!dialect.checksPages) {
    const tags = row.tags === null ? [] : (JSON.parse(row.tags) as string[]);
    if (!isSealIntact(row, tags) || !areFiguresIntact(row)) throw damagedSession(row.id);
  }
  return fromSessionRow(row);
}

export function damagedSession(id: string): DamagedDataError {
  return new DamagedDataError(`Session ${id}`, id, null);
}

export async function readSession(tables: Tables, id: string): Promise<Session | undefined> {
  const [row] = await selectSessions(tables).where('id', id);
  return row && verifiedSession(tables, row);
}

export async function requireSession(tables: Tables, id: string): Promise<Session> {
  const session = await readSession(tables, id);
  if (!session) throw new SessionNotFoundError(id);
  return session;
}

/**
 * Locks the session against all other writers, and reads it. It writes first, as a transaction on
 * SQLite must: one that reads first may fail as busy when it writes.
 */
export async function lockSession(
  tables: Tables,
  id: string,
  lease: Lease | null = null,
): Promise<SessionRow> {
  const [row] = await tables
    .from('sessions')
    .where({ id, purged: 0 })
    .update('next_seq', tables.query.ref('next_seq'))
    .returning('*');
  if (!row) throw new SessionNotFoundError(id, lease ? LEASED_SESSION_GONE : undefined);
  if (!tables.dialect.checksPages && !areFiguresIntact(row)) throw damagedSession(id);
  return row;
}

/** The same for a caller that will seal the row again. */
export async function lockIntact(tables: Tables, id: string): Promise<SessionRow> {
  const row = await lockSession(tables, id);
  if (!tables.dialect.checksPages && !isSealIntact(row, await readTags(tables, id))) {
    throw damagedSession(id);
  }
  return row;
}

export async function readTags(tables: Tables, id: string): Promise<string[]> {
  const rows = await tables.from('session_tags').where('session_id', id).select('tag');
  return rows.map(({ tag }) => tag);
}

export async function lockForMessages(
  tables: Tables,
  id: string,
  lease: Lease | null,
): Promise<SessionRow> {
  const row = await lockSession(tables, id, lease);
  if (row.deleted_at !== null) throw new SessionNotFoundError(id);
  if (lease) refuseOlderCopy(lease, { token: row.lease_token, lastSeq: row.next_seq - 1 });
  if (lease && (row.lease_holder === null || row.lease_token !== lease.token)) {
    throw new SessionBusyError(`Another process has taken over session ${id}.`);
  }
  return row;
}
