import { SessionBusyError, addCounts, type Message, type Session } from '@synapse/core';
import {
  checkOrder,
  countsOf,
  ledgerEntryOf,
  noCounts,
  SessionConflictError,
  subtractCounts,
  type ExtendPosition,
  type MessageCounts,
} from '@synapse/core/store-kit';
import { insertRows, rowsOf } from './append-messages.ts';
import { setActive } from './choose-variant.ts';
import { INACTIVE, readLastActive, readNewestPreview } from './find-messages.ts';
import { hashesOf, holdAwaited } from './hold-attachments.ts';
import { addEntries, deriveSpent } from './ledger.ts';
import { readMessages } from './message-pages.ts';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import { sealSession } from './seal-session.ts';
import {
  figuresOfRow,
  toAdoptedColumns,
  toCountColumns,
  toListColumns,
  toUpdatedColumns,
  toMarkColumns,
} from './session-rows.ts';
import { insertTags, lockIntact, readTags } from './stored-sessions.ts';
import { fromStoredTextOrNull } from './stored-text.ts';
import type { Tables } from './tables.ts';

export async function extendSession(
  tables: Tables,
  session: Session,
  messages: readonly Message[],
  { lastSeq, lease, origin, inactive }: ExtendPosition,
): Promise<void> {
  const { id } = session;
  const row = await lockIntact(tables, id);
  if (lease && (row.lease_holder === null || row.lease_token !== lease.token)) {
    throw new SessionBusyError(`Another process has taken over session ${id}.`);
  }
  const newest = await readMessages(tables, id, { limit: 2, turns: 'all' });
  const [last, before] = newest.toReversed();
  if ((last?.seq ?? 0) !== lastSeq) refuseChanged(id);
  const replaced = last && messages[0]?.id === last.id ? last : undefined;
  let counts = messages.map(countsOf).reduce<MessageCounts>(addCounts, figuresOfRow(row));
  if (replaced) {
    if (replaced.status !== 'running' && replaced.status !== 'interrupted') refuseChanged(id);
    counts = subtractCounts(counts, countsOf(replaced));
    await tables.from('messages').where('id', replaced.id).delete();
  }
  checkOrder(id, (replaced ? before : last)?.seq ?? 0, messages);
  const switched = inactive && (await setInactive(tables, id, inactive));
  await insertRows(tables, rowsOf(messages, id));
  await holdAwaited(tables, id, hashesOf(messages));
  if (origin !== undefined) {
    const entries = messages.flatMap((message) => ledgerEntryOf(message, id, origin) ?? []);
    await addEntries(tables, entries);
    await deriveSpent(tables, [id]);
  }
  const { turn = 0, variantOf = null } = (await readLastActive(tables, id)) ?? {};
  const lastTurn = messages.reduce((most, one) => Math.max(most, one.turn), row.last_turn);
  const preview = await readNewestPreview(tables, id);
  await adopt(tables, row, session, {
    next_seq: Math.max(row.next_seq, (messages.at(-1)?.seq ?? 0) + 1),
    ...toUpdatedColumns(Math.max(row.updated_at, session.updatedAt.getTime())),
    ...toCountColumns(switched ? addCounts(counts, switched) : counts),
    ...toMarkColumns({ lastTurn, turn, variantOf }),
    ...toListColumns({ ...session, handle: fromStoredTextOrNull(row.handle), preview }),
  });
}

/** Returns the change of the counts, which may be negative. */
async function setInactive(
  tables: Tables,
  sessionId: string,
  inactive: ReadonlySet<number>,
): Promise<MessageCounts> {
  const rows = await tables
    .from('messages')
    .where('session_id', sessionId)
    .whereRaw(INACTIVE)
    .distinct('turn');
  const before = new Set(rows.map(({ turn }) => turn));
  let counts: MessageCounts = noCounts;
  for (const turn of before) {
    if (inactive.has(turn)) continue;
    const taken = await setActive(tables, { sessionId, turn, isActive: true });
    counts = addCounts(counts, taken);
  }
  for (const turn of inactive) {
    if (before.has(turn)) continue;
    const left = await setActive(tables, { sessionId, turn, isActive: false });
    counts = subtractCounts(counts, left);
  }
  return counts;
}

async function adopt(
  tables: Tables,
  row: SessionRow,
  session: Session,
  columns: object,
): Promise<void> {
  const adopted = toAdoptedColumns(session);
  await tables.from('session_tags').where('session_id', session.id).delete();
  await insertTags(tables, session.id, session.tags);
  const seal = sealSession({ ...row, ...adopted }, await readTags(tables, session.id));
  await tables
    .from('sessions')
    .where('id', session.id)
    .update({ ...nextRevision(tables), ...adopted, ...columns, seal });
}

function refuseChanged(id: string): never {
  throw new SessionConflictError(`Session ${id} was changed by another process meanwhile.`, {
    hint: 'Try again.',
  });
}
