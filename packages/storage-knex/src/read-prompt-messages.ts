import type { Message, MessagePage } from '@synapse/core';
import type { PromptMessage } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import type { JoinedRows } from './dialect.ts';
import { fromPromptRow } from './message-rows.ts';
import {
  checkedColumns,
  damagedMessage,
  inOrder,
  pageOf,
  selectMessages,
} from './read-messages.ts';
import { PROMPT_SEAL_SQL, promptCheck, promptColumns, type PromptRow } from './seal-message.ts';
import type { Tables } from './tables.ts';

// In bytes. The texts of a page must fit into one string.
const LONGEST_JOINED = 1 << 16;

/** The columns of a message in addition to its parts, in the order of a head. */
const HEAD = `seq, turn, role, provider, model, asked_provider, asked_model, ${PROMPT_SEAL_SQL}`;
type Head = readonly [
  ...[seq: number, turn: number, role: string, provider: string | null, model: string | null],
  ...[askedProvider: string | null, askedModel: string | null, seal: string],
];

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
