import {
  InvalidDataError,
  makeSnippet,
  needleOf,
  pageOfMatches,
  searchedTextOf,
  type Match,
  type Page,
  type Part,
  type Role,
  type SearchHit,
  type SearchPage,
  type SearchQuery,
} from '@synapse/core';
import type { SearchSelect } from './search-dialect.ts';
import { fromStoredTextOrNull, toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

// Enough of a message to tell how well it fits.
const RANKED_LENGTH = 8192;

export async function searchMessages(
  tables: Tables,
  query: SearchQuery,
  page: SearchPage,
): Promise<Page<SearchHit>> {
  const { items, nextCursor } = await pageOfMatches(query, page, (from, limit) =>
    readMatches(tables, query, from, limit),
  );
  return { items: await readHits(tables, query, items), nextCursor };
}

interface MatchRow {
  position: number;
  searchText: string;
  role: Role;
}

async function readMatches(
  tables: Tables,
  query: SearchQuery,
  from: string | null,
  limit: number,
): Promise<Match[]> {
  const { select, position } = selectTerms(tables, query);
  // Asked of each match and not joined, so that no planner begins with the sessions.
  const living = tables
    .from('sessions')
    .whereRaw('sessions.id = messages.session_id')
    .whereNull('deleted_at');
  void select
    .whereExists(living.select(tables.query.raw('1')))
    .orderBy(position, 'desc')
    .limit(limit);
  filterByMessage(select, tables, query);
  if (from !== null) void select.where(position, '<=', toRowNumber(from));
  const beginning = tables.query.raw(`substr(messages.search_text, 1, ${RANKED_LENGTH}) as ??`, [
    'searchText',
  ]);
  const rows = await select.select<MatchRow[]>({ position, role: 'messages.role' }, beginning);
  return rows.map((row) => ({ ...row, position: String(row.position) }));
}

function selectTerms(tables: Tables, { terms }: SearchQuery): SearchSelect {
  return terms.length === 0
    ? { select: tables.from('messages'), position: 'messages.row_number' }
    : tables.dialect.search.matching(tables.query, terms);
}

function filterByMessage(
  select: SearchSelect['select'],
  tables: Tables,
  { excluded, role, tag, model, since, before }: SearchQuery,
): void {
  const { positionFunction } = tables.dialect;
  for (const term of excluded) {
    const sql = `${positionFunction}(' ' || messages.search_text || ' ', ?) = 0`;
    void select.whereRaw(sql, [needleOf(term)]);
  }
  if (role !== undefined) void select.where('messages.role', role);
  if (model !== undefined) void select.where('messages.model', toStoredText(model));
  if (since) void select.where('messages.created_at', '>=', since.getTime());
  if (before) void select.where('messages.created_at', '<', before.getTime());
  if (tag !== undefined) {
    const tagged = tables.from('session_tags').where('tag', toStoredText(tag));
    void select.whereIn('messages.session_id', tagged.select('session_id'));
  }
}

function toRowNumber(position: string): number {
  const rowNumber = Number(position);
  if (Number.isSafeInteger(rowNumber)) return rowNumber;
  throw new InvalidDataError('The cursor of the search is not one that this store has returned.', {
    hint: 'Search again from the first page.',
  });
}

interface HitRow {
  rowNumber: number;
  sessionId: string;
  title: string | null;
  handle: string | null;
  messageId: string;
  seq: number;
  role: Role;
  createdAt: number;
  parts: string;
}

async function readHits(
  tables: Tables,
  { terms }: SearchQuery,
  matches: readonly Match[],
): Promise<SearchHit[]> {
  const rowNumbers = matches.map(({ position }) => Number(position));
  const rows = await tables
    .from('messages')
    .join('sessions', 'sessions.id', 'messages.session_id')
    .whereIn('messages.row_number', rowNumbers)
    .select<HitRow[]>({
      rowNumber: 'messages.row_number',
      sessionId: 'messages.session_id',
      title: 'sessions.title',
      handle: 'sessions.handle',
      messageId: 'messages.id',
      seq: 'messages.seq',
      role: 'messages.role',
      createdAt: 'messages.created_at',
      parts: 'messages.parts',
    });
  const found = new Map(rows.map((row) => [row.rowNumber, row]));
  return rowNumbers.flatMap((rowNumber) => {
    const row = found.get(rowNumber);
    return row
      ? [
          {
            sessionId: row.sessionId,
            sessionTitle: fromStoredTextOrNull(row.title),
            sessionHandle: fromStoredTextOrNull(row.handle),
            messageId: row.messageId,
            seq: row.seq,
            role: row.role,
            createdAt: new Date(row.createdAt),
            snippet: makeSnippet(searchedTextOf(JSON.parse(row.parts) as Part[]), terms),
          },
        ]
      : [];
  });
}
