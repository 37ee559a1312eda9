import { SessionNotFoundError, type Message, type MessagePage, isNote } from '@synapse/core';
import { DamagedDataError, type PromptMessage, type Role } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import type { JoinedRows } from './dialect.ts';
import { damagedMessage, fromPromptRow, messageColumns, verifiedMessage } from './message-rows.ts';
import type { MessageRow } from './rows.ts';
import { PROMPT_SEAL_SQL, promptCheck, promptColumns, type PromptRow } from './seal-message.ts';
import type { Tables } from './tables.ts';

export const MAX_PAGE = 500;
const FRACTIONS = ['latency_ms', 'time_to_first_token_ms'] as const;
// In bytes. The texts of a page must fit into one string.
const LONGEST_JOINED = 1 << 16;

/** The columns of a message in addition to its parts, in the order of a head. */
const HEAD = `seq, turn, role, provider, model, asked_provider, asked_model, ${PROMPT_SEAL_SQL}`;
type Head = readonly [
  ...[seq: number, turn: number, role: string, provider: string | null, model: string | null],
  ...[askedProvider: string | null, askedModel: string | null, seal: string],
];

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

export async function readPromptMessages(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
): Promise<PromptMessage[]> {
  const { joinedRows } = tables.dialect;
  const joined = joinedRows && (await readJoined(tables, sessionId, page, joinedRows));
  const messages = joined ?? (await readOneByOne(tables, sessionId, page));
  return inOrder(tables, sessionId, page, messages);
}

async function readOneByOne(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
): Promise<PromptMessage[]> {
  const columns = checkedColumns(tables, promptColumns);
  const rows = await selectMessages(tables, pageOf(tables, sessionId, page), columns, {
    content_sha256: PROMPT_SEAL_SQL,
  });
  if (!tables.dialect.checksPages) refuseDamaged(sessionId, rows);
  return rows.map((row) => fromPromptRow(row, JSON.parse(row.parts) as Message['parts']));
}

/**
 * Reads a page as two texts, for speed: a request waits for this. Null if the texts can't be
 * separated, as a message is long or damaged.
 */
async function readJoined(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
  { arrayFunction, toJsonArray, byteLengthFunction }: JoinedRows,
): Promise<PromptMessage[] | null> {
  const { query } = tables;
  const head = query.raw(`${arrayFunction}(${HEAD}) as head`);
  const rows: Knex.QueryBuilder = pageOf(tables, sessionId, page).select(head, 'parts');
  const short = `${byteLengthFunction}(parts) <= ${LONGEST_JOINED}`;
  const joined: unknown = await query
    .from(rows.as('page'))
    .select(
      query.raw(`${toJsonArray('head')} as heads`),
      query.raw(`${toJsonArray('parts', short)} as parts`),
    );
  const [read] = joined as { heads: string | null; parts: string | null }[];
  if (!read?.heads) return [];
  const heads = JSON.parse(read.heads) as Head[];
  const texts = read.parts?.slice(1, -1).split(',\n') ?? [];
  if (!read.parts || texts.length !== heads.length) return null;
  const promptRows = heads.map((head, index) => toPromptRow(head, texts[index] ?? ''));
  refuseDamaged(sessionId, promptRows);
  const parts = JSON.parse(read.parts) as Message['parts'][];
  return promptRows.map((row, index) => fromPromptRow(row, parts[index] ?? []));
}

function toPromptRow(head: Head, parts: string): PromptRow {
  return {
    seq: head[0],
    turn: head[1],
    role: head[2],
    parts,
    provider: head[3],
    model: head[4],
    asked_provider: head[5],
    asked_model: head[6],
    content_sha256: head[7],
  };
}

function refuseDamaged(sessionId: string, rows: readonly PromptRow[]): void {
  const isIntact = promptCheck(sessionId);
  const damaged = rows.find((row) => !isIntact(row));
  if (damaged) throw damagedMessage(sessionId, damaged);
}

/** Omits the columns for checking if the database has checked the page. */
function checkedColumns<Column extends keyof MessageRow>(
  { dialect }: Tables,
  columns: readonly Column[],
): readonly Column[] {
  return dialect.checksPages ? columns.filter((column) => column !== 'content_sha256') : columns;
}

function pageOf(tables: Tables, sessionId: string, page: MessagePage) {
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

async function inOrder<M extends { seq: number }>(
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

export function messagesOf(tables: Tables, sessionId: string) {
  return tables
    .from('messages')
    .where('session_id', sessionId)
    .whereRaw('not exists (select 1 from ?? where id = ? and purged <> 0)', [
      tables.nameOf('sessions'),
      sessionId,
    ]);
}

export async function refuseUnknown(tables: Tables, sessionId: string): Promise<void> {
  const [row] = await tables.from('sessions').where({ id: sessionId, purged: 0 }).select('id');
  if (!row) throw new SessionNotFoundError(sessionId);
}

/**
 * Some columns of a query over messages, in the fastest form for the database; `shortened` gives
 * an SQL expression for each column of which a part is enough.
 */
async function selectMessages<Column extends keyof MessageRow>(
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
