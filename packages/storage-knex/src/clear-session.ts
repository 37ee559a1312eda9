import { isNote, type Lease } from '@synapse/core';
import { noTally, subtractCounts, type Role } from '@synapse/core/store-kit';
import { MAX_STEP_WEIGHT, BatchSizer, weightOf } from './batch-sizer.ts';
import type { Database } from './database.ts';
import { readLastActive } from './find-messages.ts';
import { dropUnused } from './hold-attachments.ts';
import { removeClosedApprovals } from './knex-approval-store.ts';
import { removeRunEvents } from './knex-run-store.ts';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import {
  figuresOfRow,
  noCountColumns,
  toCountColumns,
  toMarkColumns,
  toPreviewColumns,
} from './session-rows.ts';
import { lockForMessages } from './stored-sessions.ts';
import type { Tables } from './tables.ts';

/**
 * Removes the current messages of the session in transactions that block other writers only for a
 * moment. It begins with the newest: after each transaction, the session looks as it did at an
 * earlier time.
 */
export async function clearSession(
  database: Database,
  sessionId: string,
  lease: Lease | null,
): Promise<void> {
  const sizer = new BatchSizer(MAX_STEP_WEIGHT);
  let lastSeq: number | undefined;
  for (;;) {
    const start = performance.now();
    const step = await database.write(
      (tables) => clearStep(tables, { sessionId, lease, lastSeq, sizer }),
      { isRepeatable: true },
    );
    if (step.isLast) return;
    lastSeq = step.lastSeq;
    const heldMs = performance.now() - start;
    sizer.note(step.weight, heldMs);
    await database.dialect.yieldToOthers(heldMs);
  }
}

interface StepOptions {
  sessionId: string;
  lease: Lease | null;
  /** The newest message to remove; undefined in the first step, which finds it. */
  lastSeq: number | undefined;
  sizer: BatchSizer;
}

interface Step {
  weight: number;
  lastSeq: number;
  isLast: boolean;
}

async function clearStep(
  tables: Tables,
  { sessionId, lease, sizer, ...range }: StepOptions,
): Promise<Step> {
  const row = await lockForMessages(tables, sessionId, lease);
  const newestSeq = row.next_seq - 1;
  const lastSeq = range.lastSeq ?? newestSeq;
  const messages = await removeNewest(tables, row, lastSeq, sizer);
  if (messages.hasMore) return { ...messages, lastSeq, isLast: false };
  // The attachments of messages that were stored meanwhile are not known.
  if (newestSeq > lastSeq) return { ...messages, lastSeq, isLast: true };
  await removeRunEvents(tables, sessionId);
  await removeClosedApprovals(tables, sessionId);
  const attachments = await dropAttachments(tables, sessionId, sizer);
  const weight = messages.weight + attachments.weight;
  return { weight, lastSeq, isLast: !attachments.hasMore };
}

type Removal = Pick<Step, 'weight'> & { hasMore: boolean };

async function removeNewest(
  tables: Tables,
  row: SessionRow,
  lastSeq: number,
  sizer: BatchSizer,
): Promise<Removal> {
  const bytes = tables.query.raw('octet_length(parts) + octet_length(search_text) as bytes');
  const rows = await tables
    .from('messages')
    .where('session_id', row.id)
    .where('seq', '<=', lastSeq)
    .orderBy('seq', 'desc')
    .limit(sizer.weight)
    .select<RemovedRow[]>('row_number', 'role', 'active', bytes);
  const taken = sizer.take(rows, weightOf);
  const rowNumbers = taken.map((one) => one.row_number);
  await tables.from('messages').whereIn('row_number', rowNumbers).delete();
  const last = await readLastActive(tables, row.id);
  const said = taken.filter(({ role, active }) => active === 1 && !isNote({ role }));
  const counts = subtractCounts(figuresOfRow(row), {
    messageCount: said.length,
    turnCount: said.filter(({ role }) => role === 'user').length,
  });
  const { turn = noTally.turn, variantOf = null } = last ?? {};
  await tables
    .from('sessions')
    .where('id', row.id)
    .update({
      ...nextRevision(tables),
      ...(last ? toCountColumns(counts) : noCountColumns),
      ...toMarkColumns({ lastTurn: row.last_turn, turn, variantOf }),
      // Unless other processes write in the meantime, the preview has no message left, or one that
      // will also be removed.
      ...(row.next_seq - 1 > lastSeq ? {} : toPreviewColumns(null)),
    });
  const weight = taken.reduce((sum, one) => sum + weightOf(one), 0);
  return { weight, hasMore: taken.length < rows.length || rows.length === sizer.weight };
}

interface RemovedRow {
  row_number: number;
  role: Role;
  active: number;
  bytes: number;
}

/** The values of a session without messages. */
async function dropAttachments(
  tables: Tables,
  sessionId: string,
  sizer: BatchSizer,
): Promise<Removal> {
  const rows = await tables
    .from('session_attachments')
    .leftJoin('attachments', 'attachments.sha256', 'session_attachments.sha256')
    .where('session_attachments.session_id', sessionId)
    .limit(sizer.weight)
    .select<{ sha256: string; bytes: number | null }[]>(
      'session_attachments.sha256',
      'attachments.byte_length as bytes',
    );
  const taken = sizer.take(rows, weightOf);
  const hashes = taken.map(({ sha256 }) => sha256);
  await tables
    .from('session_attachments')
    .where('session_id', sessionId)
    .whereIn('sha256', hashes)
    .delete();
  await dropUnused(tables, hashes);
  const weight = taken.reduce((sum, one) => sum + weightOf(one), 0);
  return { weight, hasMore: taken.length < rows.length || rows.length === sizer.weight };
}
