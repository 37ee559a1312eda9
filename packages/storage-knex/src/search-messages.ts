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
import { readLastRowNumber } from './read-messages.ts';
import type { SearchSelect } from './search-dialect.ts';
import { fromStoredTextOrNull, toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

// Enough of a message to tell how well it fits.
const RANKED_LENGTH = 8192;
const LOOKS = 200;
// So that what is common is found often enough among the messages that are read through.
const COMMON = 1 / 40;
const READ_MESSAGES = 8000;
const READ_BYTES = 16 << 20;
// So many that what is hardly common is found often enough among them, and nothing else too often.
const RECENT_MESSAGES = 60_000;

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
  const before = from === null ? null : toRowNumber(from);
  let rows: MatchRow[] = [];
  for (const select of waysToSearch(tables, query, before)) {
    const selected = await select();
    if (selected) rows = await readRows(tables, query, selected, before, limit);
    if (rows.length === limit) break;
  }
  return rows.map((row) => ({ ...row, position: String(row.position) }));
}

/** Each finds the newest matches, but for the last one perhaps not as many as are wanted. */
function waysToSearch(tables: Tables, query: SearchQuery, before: number | null) {
  return [
    async () => (await isCommon(tables, query)) && (await selectNewest(tables, query, before)),
    async () => selectRecent(tables, query, before),
    async () => selectTerms(tables, query),
  ];
}

async function readRows(
  tables: Tables,
  query: SearchQuery,
  { select, position }: SearchSelect,
  before: number | null,
  limit: number,
): Promise<MatchRow[]> {
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
  if (before !== null) void select.where(position, '<=', before);
  const beginning = tables.query.raw(`substr(messages.search_text, 1, ${RANKED_LENGTH}) as ??`, [
    'searchText',
  ]);
  return select.select<MatchRow[]>({ position, role: 'messages.role' }, beginning);
}

/**
 * Whether the index would gather much before it could tell the newest, and they are likely at hand: by
 * a look at some messages, evenly spread over all.
 */
async function isCommon(tables: Tables, { terms }: SearchQuery): Promise<boolean> {
  if (!tables.dialect.search.gathersAll(terms)) return false;
  const messages = tables.nameOf('messages');
  const has = terms.map(() => `${placeInText(tables)} > 0`).join(' and ');
  const rows: { looked: number; found: number | null }[] = await tables.query
    .withRecursive(
      'places',
      tables.query.raw(`select 0 as n union all select n + 1 from places where n < ${LOOKS - 1}`),
    )
    .from('places')
    .joinRaw(
      `join ?? messages on messages.row_number =
        1 + places.n * (select max(row_number) from ??) / ${LOOKS}`,
      [messages, messages],
    )
    .select(
      tables.query.raw('count(*) as looked'),
      tables.query.raw(`sum(case when ${has} then 1 else 0 end) as found`, terms.map(needleOf)),
    );
  const { looked = 0, found } = rows[0] ?? {};
  return (found ?? 0) > looked * COMMON;
}

/** Among as many messages as can be read through in no time, by their text. */
async function selectNewest(
  tables: Tables,
  { terms }: SearchQuery,
  before: number | null,
): Promise<SearchSelect> {
  const sizes = tables
    .from('messages')
    .select('row_number')
    .select(
      tables.query.raw(
        `sum(octet_length(parts) + octet_length(search_text))
          over (order by row_number desc rows unbounded preceding) as bytes`,
      ),
    )
    .orderBy('row_number', 'desc')
    .limit(READ_MESSAGES);
  if (before !== null) void sizes.where('row_number', '<=', before);
  const rows: { first: number | null }[] = await tables.query
    .from(sizes.as('sizes'))
    .where('bytes', '<=', READ_BYTES)
    .min({ first: 'row_number' });
  const select = tables
    .from('messages')
    .where('row_number', '>=', rows[0]?.first ?? Number.MAX_SAFE_INTEGER);
  for (const term of terms) {
    void select.whereRaw(`${placeInText(tables)} > 0`, [needleOf(term)]);
  }
  return { select, position: 'messages.row_number' };
}

/** By the index, and by the place among all: only what both have found is read. */
async function selectRecent(
  tables: Tables,
  query: SearchQuery,
  before: number | null,
): Promise<SearchSelect | undefined> {
  if (query.terms.length === 0 || !tables.dialect.search.readsAllFound) return undefined;
  const end = before ?? (await readLastRowNumber(tables));
  const { select, position } = selectTerms(tables, query);
  return { select: select.where(position, '>', end - RECENT_MESSAGES), position };
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
  for (const term of excluded) {
    void select.whereRaw(`${placeInText(tables)} = 0`, [needleOf(term)]);
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

function placeInText({ dialect }: Tables): string {
  return `${dialect.positionFunction}(' ' || messages.search_text || ' ', ?)`;
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
