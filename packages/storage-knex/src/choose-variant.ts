import { addCounts, isNote, type Lease, type Message } from '@synapse/core';
import { planChoice, subtractCounts, type MessageCounts, type Role } from '@synapse/core/store-kit';
import { INACTIVE, readFirstInactive, readLastActive, readNewestPreview } from './find-messages.ts';
import { verifiedMessage } from './message-rows.ts';
import { nextRevision } from './revision.ts';
import type { SessionRow } from './rows.ts';
import { SEAL_ACTIVE_SQL } from './seal-message.ts';
import {
  figuresOfRow,
  marksOfRow,
  toCountColumns,
  toMarkColumns,
  toPreviewColumns,
} from './session-rows.ts';
import { lockForMessages } from './stored-sessions.ts';
import type { Tables } from './tables.ts';

export async function chooseVariant(
  tables: Tables,
  sessionId: string,
  turn: number,
  lease: Lease | null,
): Promise<void> {
  await chooseIn(tables, await lockForMessages(tables, sessionId, lease), turn);
}

/** The session must be locked. */
export async function chooseIn(tables: Tables, row: SessionRow, turn: number): Promise<void> {
  const marks = marksOfRow(row);
  const first =
    turn === marks.turn
      ? { ...marks, seq: 0, active: true }
      : await readFirstInactive(tables, row.id, turn);
  const lastActive = await readLastActive(tables, row.id);
  const choice = { first, lastActiveSeq: lastActive?.seq ?? 0 };
  const plan = planChoice(row.id, marks, turn, choice);
  if (plan) await switchTurns(tables, row, { off: plan.replaced, on: turn });
}

export async function undoTurn(
  tables: Tables,
  sessionId: string,
  lease: Lease | null,
): Promise<Message[]> {
  const row = await lockForMessages(tables, sessionId, lease);
  const turn = row.current_turn;
  if (turn === 0) return [];
  await switchTurns(tables, row, { off: turn, on: null });
  const undone = tables.from('messages').where({ session_id: sessionId, turn }).whereRaw(INACTIVE);
  return (await undone.orderBy('seq')).map((message) =>
    verifiedMessage(tables, message, sessionId),
  );
}

async function switchTurns(
  tables: Tables,
  row: SessionRow,
  { off, on }: { off: number | null; on: number | null },
): Promise<void> {
  const sessionId = row.id;
  let counts: MessageCounts = figuresOfRow(row);
  if (off !== null) {
    const before = await readLastActive(tables, sessionId, off);
    const place = { sessionId, turn: off, isActive: false, after: before?.seq };
    counts = subtractCounts(counts, await setActive(tables, place));
  }
  if (on !== null) {
    counts = addCounts(counts, await setActive(tables, { sessionId, turn: on, isActive: true }));
  }
  const last = await readLastActive(tables, sessionId);
  const { turn = 0, variantOf = null } = last ?? {};
  await tables
    .from('sessions')
    .where('id', sessionId)
    .update({
      ...nextRevision(tables),
      ...toCountColumns(counts),
      ...toMarkColumns({ lastTurn: row.last_turn, turn, variantOf }),
      ...toPreviewColumns(await readNewestPreview(tables, sessionId)),
    });
}

interface Switch {
  sessionId: string;
  turn: number;
  isActive: boolean;
  /** The turn begins after this message, so earlier ones need not be read. */
  after?: number | undefined;
}

/** Returns the counts of the messages that were switched. */
export async function setActive(
  tables: Tables,
  { sessionId, turn, isActive, after }: Switch,
): Promise<MessageCounts> {
  const select = tables.from('messages').where({ session_id: sessionId, turn });
  if (isActive) void select.whereRaw(INACTIVE);
  else void select.where('active', 1);
  if (after !== undefined) void select.where('seq', '>', after);
  const active = isActive ? 1 : 0;
  const content_sha256 = tables.query.raw<string>(SEAL_ACTIVE_SQL, [String(active)]);
  const rows = await select.update({ active, content_sha256 }).returning('role');
  const said = rows.filter(({ role }) => !isNote({ role: role as Role }));
  return {
    messageCount: said.length,
    turnCount: said.filter(({ role }) => role === 'user').length,
  };
}
