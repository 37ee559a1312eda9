import type { SearchQuery } from '@synapse/core';
import { needleOf, type SearchTerm } from '@synapse/core/store-kit';
import { readLastRowNumber } from './find-messages.ts';
import type { SearchSelect } from './search-dialect.ts';
import type { Tables } from './tables.ts';

const LOOKS = 200;
// Large enough that the messages to scan contain enough matches of a common word.
const COMMON = 1 / 40;
const READ_MESSAGES = 8000;
const READ_BYTES = 16 << 20;
// Large enough that a fairly rare word has enough matches, and small enough that no word has too
// many.
const RECENT_MESSAGES = 60_000;

/** Each strategy finds the newest matches; all but the last may find fewer than requested. */
export function searchStrategies(tables: Tables, query: SearchQuery, before: number | null) {
  return [
    async () => (await isCommon(tables, query)) && (await selectNewest(tables, query, before)),
    async () => selectRecent(tables, query, before),
    async () => selectTerms(tables, query),
  ];
}

/**
 * Whether the index would collect many matches before it found the newest, although recent messages
 * probably contain enough. Decided from a sample of messages, evenly spread over all.
 */
async function isCommon(tables: Tables, { terms }: SearchQuery): Promise<boolean> {
  if (!tables.dialect.search.gathersAll(terms)) return false;
  const messages = tables.nameOf('messages');
  const has = terms.map((group) => hasAny(tables, group)).join(' and ');
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
      tables.query.raw(
        `sum(case when ${has} then 1 else 0 end) as found`,
        terms.flat().map(needleOf),
      ),
    );
  const { looked = 0, found } = rows[0] ?? {};
  return (found ?? 0) > looked * COMMON;
}

/** Scans the text of the most recent messages, as many as is fast. */
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
  for (const group of terms) void select.whereRaw(hasAny(tables, group), group.map(needleOf));
  return { select, position: 'messages.row_number' };
}

/** Uses the index and the age of messages: only messages that match both are read. */
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

function hasAny(tables: Tables, group: readonly SearchTerm[]): string {
  return `(${group.map(() => `${placeInText(tables)} > 0`).join(' or ')})`;
}

/** The position of a needle in the text of a message; 0 if it does not occur. */
export function placeInText({ dialect }: Tables): string {
  return `${dialect.positionFunction}(' ' || messages.search_text || ' ', ?)`;
}
