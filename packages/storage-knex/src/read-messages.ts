import { SessionNotFoundError, type Message, type MessagePage, isNote } from '@synapse/core';
import { DamagedDataError, previewFrom, type Role } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import { fromMessageRow, messageColumns } from './message-rows.ts';
import type { MessageRow } from './rows.ts';
import { isMessageIntact, type ReadRow } from './seal-message.ts';
import type { Tables } from './tables.ts';

export const MAX_PAGE = 500;
const PREVIEW_PAGE = 20;
const FRACTIONS = ['latency_ms', 'time_to_first_token_ms'] as const;
/** Must equal the index's expression exactly; otherwise the database does not use the index. */
export const INACTIVE = 'active = 0';

export async function readMessages(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
): Promise<Message[]> {
  const columns = checkedColumns(tables, messageColumns);
  const rows = await selectMessages(tables, pageOf(tables, sessionId, page), columns);
  const messages = rows.map((row) => verifiedMessage(tables, row, sessionId));
  return inOrder(tables, sessionId, page, messages);
}

/** Omits the columns for checking if the database has checked the page. */
export function checkedColumns<Column extends keyof MessageRow>(
  { dialect }: Tables,
  columns: readonly Column[],
): readonly Column[] {
  return dialect.checksPages ? columns.filter((column) => column !== 'content_sha256') : columns;
}

export function pageOf(tables: Tables, sessionId: string, page: MessagePage) {
  const limit = Math.min(page.limit, MAX_PAGE);
  const select = messagesOf(tables, sessionId).limit(limit);
  chooseTurns(select, page.turns);
  if (page.role !== undefined) void select.where('role', page.role);
  if ('after' in page) void select.where('seq', '>', page.after).orderBy('seq');
  else void select.orderBy('seq', 'desc');
  if ('before' in page && page.before !== undefined) void select.where('seq', '<', page.before);
  return select;
}

function chooseTurns(
  select: ReturnType<typeof messagesOf>,
  turns: MessagePage['turns'] = 'active',
): void {
  if (turns === 'active') void select.where('active', 1);
  else if (turns !== 'all') {
    void select.whereRaw('(turn = ? or (active = 1 and turn <> ?))', [
      turns.variant,
      turns.instead,
    ]);
  }
}

export async function inOrder<M extends { seq: number }>(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
  read: M[],
): Promise<M[]> {
  if (read.length === 0) await refuseUnknown(tables, sessionId);
  if (!('after' in page)) read.reverse();
  // A damaged index may return one row twice, or a row from another position.
  const astray = read.find(({ seq }, index) => seq <= (read[index - 1]?.seq ?? -Infinity));
  if (astray) throw damagedMessage(sessionId, astray);
  return read;
}

/** Throws a DamagedDataError if the row does not match its seal, or belongs to another session. */
export function verifiedMessage(tables: Tables, row: ReadRow, sessionId: string): Message {
  const isTrusted = tables.dialect.checksPages;
  if (isTrusted || (row.session_id === sessionId && isMessageIntact(row))) {
    return fromMessageRow(row);
  }
  throw damagedMessage(sessionId, row);
}

export function damagedMessage(sessionId: string, { seq }: { seq: number }): DamagedDataError {
  return new DamagedDataError(`Message ${seq} of session ${sessionId}`, sessionId, seq);
}

export async function readMessage(
  tables: Tables,
  sessionId: string,
  messageId: string,
): Promise<Message | undefined> {
  const [row] = await messagesOf(tables, sessionId).where('id', messageId);
  if (!row) await refuseUnknown(tables, sessionId);
  return row && verifiedMessage(tables, row, sessionId);
}

type Placed = Pick<Message, 'seq' | 'turn' | 'variantOf' | 'active'>;
const placedColumns = ['seq', 'turn', 'variant_of', 'active'] as const;

/** The newest message of the conversation, or the newest one outside the turn `except`. */
export async function readLastActive(
  tables: Tables,
  sessionId: string,
  except?: number,
): Promise<Placed | undefined> {
  const select = tables.from('messages').where({ session_id: sessionId, active: 1 });
  if (except !== undefined) void select.whereNot('turn', except);
  const [row] = await select
    .orderBy('seq', 'desc')
    .limit(1)
    .select(...placedColumns);
  return row && toPlaced(row);
}

export async function readFirstInactive(
  tables: Tables,
  sessionId: string,
  turn: number,
): Promise<Placed | undefined> {
  const [row] = await tables
    .from('messages')
    .where({ session_id: sessionId, turn })
    .whereRaw(INACTIVE)
    .orderBy('seq')
    .limit(1)
    .select(...placedColumns);
  return row && toPlaced(row);
}

function toPlaced(row: Pick<MessageRow, (typeof placedColumns)[number]>): Placed {
  const { seq, turn, variant_of: variantOf, active } = row;
  return { seq, turn, variantOf, active: active === 1 };
}

export async function readNewestPreview(tables: Tables, sessionId: string): Promise<string | null> {
  let page = await readMessages(tables, sessionId, { limit: PREVIEW_PAGE });
  while (page.length > 0) {
    for (const message of page.toReversed()) {
      const preview = previewFrom(message.parts);
      if (preview !== null) return preview;
    }
    page = await readMessages(tables, sessionId, { limit: PREVIEW_PAGE, before: page[0]?.seq });
  }
  return null;
}

/** The number of the newest message of all turns; 0 if there is none. */
export async function readLastRowNumber(tables: Tables): Promise<number> {
  const [row] = await tables
    .from('messages')
    .orderBy('row_number', 'desc')
    .limit(1)
    .select('row_number');
  return row?.row_number ?? 0;
}

function messagesOf(tables: Tables, sessionId: string) {
  return tables
    .from('messages')
    .where('session_id', sessionId)
    .whereRaw('not exists (select 1 from ?? where id = ? and purged <> 0)', [
      tables.nameOf('sessions'),
      sessionId,
    ]);
}

async function refuseUnknown(tables: Tables, sessionId: string): Promise<void> {
  const [row] = await tables.from('sessions').where({ id: sessionId, purged: 0 }).select('id');
  if (!row) throw new SessionNotFoundError(sessionId);
}

/**
 * Some columns of a query over messages, in the fastest form for the database; `shortened` gives
 * an SQL expression for each column of which a part is enough.
 */
export async function selectMessages<Column extends keyof MessageRow>(
  { query, dialect }: Tables,
  messages: Knex.QueryBuilder<MessageRow>,
  columns: readonly Column[],
  shortened: Partial<Record<Column, string>> = {},
): Promise<Pick<MessageRow, Column>[]> {
  type Row = Pick<MessageRow, Column>;
  if (dialect.jsonObjectFunction === null) {
    const selected = columns.map((column) =>
      shortened[column] ? query.raw(`${shortened[column]} as ${column}`) : column,
    );
    const rows: unknown = await messages.select(...selected);
    return rows as Row[];
  }
  const fractions = FRACTIONS.filter((column) => columns.includes(column as Column));
  const inJson = (column: Column) =>
    shortened[column] ??
    (fractions.some((one) => one === column) ? dialect.fractionInJson(column) : column);
  const pairs = columns.map((column) => `'${column}', ${inJson(column)}`).join(', ');
  const row = query.raw(`${dialect.jsonObjectFunction}(${pairs}) as row`);
  const rows: unknown = await messages.select(row);
  return (rows as { row: string }[]).map((read) => {
    const parsed = JSON.parse(read.row) as Record<string, unknown>;
    for (const column of fractions) {
      if (typeof parsed[column] === 'string') parsed[column] = Number(parsed[column]);
    }
    return parsed as Row;
  });
}

/**
 * A damaged index skips messages. If a page contains the whole session, the number of messages is
 * compared with the session's count. Not for a transaction that has changed only one of the two.
 */
export async function refuseGaps(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
  read: readonly { role: string; active?: boolean }[],
): Promise<void> {
  if (tables.dialect.checksPages || page.role !== undefined || isFull(page, read)) return;
  if (typeof page.turns === 'object') return;
  if ('after' in page ? page.after > 0 : page.before !== undefined) return;
  const keptCount = async () => {
    const rows = await tables.from('sessions').where('id', sessionId).select('message_count');
    return rows[0]?.message_count;
  };
  const before = await keptCount();
  if (before === undefined || before === countOf(read)) return;
  // Another process may have written since.
  const found = countOf(await pageOf(tables, sessionId, page).select('role', 'active'));
  if (found === before || before !== (await keptCount())) return;
  const what = `Session ${sessionId} (${found} of its ${before} messages can be read)`;
  throw new DamagedDataError(what, sessionId, null);
}

function isFull(page: MessagePage, read: readonly unknown[]): boolean {
  return read.length >= Math.min(page.limit, MAX_PAGE);
}

function countOf(read: readonly { role: string; active?: boolean | number }[]): number {
  return read.filter(
    ({ role, active = true }) => Boolean(active) && !isNote({ role: role as Role }),
  ).length;
}
