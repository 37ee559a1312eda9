import type { Database } from './database.ts';
import { dropUnused } from './hold-attachments.ts';
import { MAX_STEP_WEIGHT, BatchSizer, weightOf } from './batch-sizer.ts';
import { lockMemo } from './retention-memo.ts';
import type { Tables } from './tables.ts';

const SESSIONS_PER_STEP = 100;
const PURGED = 'purged = 1';
/** Marks a session that is being stored: it is invisible until its last message is stored. */
export const UNFINISHED = 2;

/** Makes the sessions invisible to all readers at once. */
export function markPurged(tables: Tables, ids: readonly string[]) {
  return tables
    .from('sessions')
    .whereIn('id', ids)
    .where('purged', 0)
    .update({
      purged: 1,
      deleted_at: tables.query.raw('coalesce(deleted_at, updated_at)'),
      lease_holder: null,
      lease_expires_at: null,
    })
    .returning(['id', 'title', 'owner']);
}

/**
 * Call this in the transaction that hides sessions. It rejects if the database user may not remove
 * their rows, so that no session is hidden while its rows stay in the tables.
 */
export async function requireDeletion(tables: Tables): Promise<void> {
  for (const name of ['messages', 'session_attachments', 'attachments', 'sessions'] as const) {
    await tables.from(name).whereRaw('1 = 0').delete();
  }
}

/** The unfinished sessions that the caller chooses. */
export function markUnfinishedPurged(tables: Tables) {
  return tables
    .from('sessions')
    .whereRaw('purged = 2')
    .update({
      ...{ purged: 1, lease_token: 0, lease_holder: null, lease_expires_at: null },
    });
}

/** Removes unfinished sessions of processes that died before this time. */
export async function removeUnfinished(
  database: Database,
  writtenBefore: Date,
  signal?: AbortSignal,
): Promise<void> {
  const rows = await database.read((tables) =>
    tables
      .from('sessions')
      .whereRaw('purged = 2')
      .where('lease_expires_at', '<', writtenBefore.getTime())
      .select('id'),
  );
  if (rows.length === 0) return;
  await database.write(
    (tables) =>
      markUnfinishedPurged(tables).where('lease_expires_at', '<', writtenBefore.getTime()),
    { isRepeatable: true },
  );
  await removePurged(database, signal);
}

export async function hasPurged(tables: Tables): Promise<boolean> {
  const rows = await tables.from('sessions').whereRaw(PURGED).limit(1).select('id');
  return rows.length > 0;
}

/** Removes all traces of the sessions from the tables, the search index and the files. */
export async function scrub(database: Database, signal?: AbortSignal): Promise<void> {
  await removePurged(database, signal);
  if (!signal?.aborted) await database.read(({ dialect, query }) => dialect.scrub(query));
}

/**
 * Removes hidden sessions, whichever process hid them: first their rows, in transactions that block
 * other writers only for a moment, then the empty sessions themselves.
 */
export async function removePurged(database: Database, signal?: AbortSignal): Promise<void> {
  const sizer = new BatchSizer(MAX_STEP_WEIGHT);
  while (!signal?.aborted) {
    const step = await database.read((tables) => planStep(tables, sizer));
    if (!step) return;
    const start = performance.now();
    await database.write((tables) => carryOut(step, tables), { isRepeatable: true });
    const heldMs = performance.now() - start;
    sizer.note(step.weight, heldMs);
    await database.dialect.yieldToOthers(heldMs);
  }
}

interface Step {
  weight: number;
  remove: (tables: Tables) => Promise<void>;
}

async function carryOut({ remove }: Step, tables: Tables): Promise<void> {
  // Writes first: to remove a message, SQLite may read about the search index before it writes.
  await lockMemo(tables);
  await remove(tables);
}

async function planStep(tables: Tables, sizer: BatchSizer): Promise<Step | undefined> {
  const sessions = await tables
    .from('sessions')
    .whereRaw(PURGED)
    .orderBy('id')
    .limit(SESSIONS_PER_STEP)
    .select('id');
  if (sessions.length === 0) return undefined;
  const ids = sessions.map(({ id }) => id);
  return (
    (await planMessages(tables, ids, sizer)) ??
    (await planAttachments(tables, ids, sizer)) ?? {
      weight: ids.length,
      remove: (writing) => writing.from('sessions').whereIn('id', ids).delete(),
    }
  );
}

async function planMessages(
  tables: Tables,
  ids: readonly string[],
  sizer: BatchSizer,
): Promise<Step | undefined> {
  const bytes = tables.query.raw('octet_length(parts) + octet_length(search_text) as bytes');
  const rows = await tables
    .from('messages')
    .whereIn('session_id', ids)
    .limit(sizer.weight)
    .select<{ row_number: number; bytes: number }[]>('row_number', bytes);
  return planRemoval(rows, sizer, async (writing, taken) => {
    const rowNumbers = taken.map((row) => row.row_number);
    await writing.from('messages').whereIn('row_number', rowNumbers).delete();
  });
}

async function planAttachments(
  tables: Tables,
  ids: readonly string[],
  sizer: BatchSizer,
): Promise<Step | undefined> {
  const rows = await tables
    .from('session_attachments')
    .leftJoin('attachments', 'attachments.sha256', 'session_attachments.sha256')
    .whereIn('session_attachments.session_id', ids)
    .limit(sizer.weight)
    .select<{ sha256: string; bytes: number | null }[]>(
      'session_attachments.sha256',
      'attachments.byte_length as bytes',
    );
  return planRemoval(rows, sizer, async (writing, taken) => {
    const hashes = taken.map(({ sha256 }) => sha256);
    await writing
      .from('session_attachments')
      .whereIn('session_id', ids)
      .whereIn('sha256', hashes)
      .delete();
    await dropUnused(writing, hashes);
  });
}

function planRemoval<Row extends { bytes: number | null }>(
  rows: readonly Row[],
  sizer: BatchSizer,
  remove: (tables: Tables, taken: readonly Row[]) => Promise<void>,
): Step | undefined {
  if (rows.length === 0) return undefined;
  const taken = sizer.take(rows, weightOf);
  const weight = taken.reduce((sum, row) => sum + weightOf(row), 0);
  return { weight, remove: (tables) => remove(tables, taken) };
}
