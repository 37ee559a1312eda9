import { InvalidDataError, type SearchHit, type SearchQuery } from '@synapse/core';
import {
  needleOf,
  pageOfMatches,
  type Match,
  type Page,
  type Role,
  type SearchPage,
} from '@synapse/core/store-kit';
import { filterByOwner } from './owner.ts';
import { readHits } from './read-hits.ts';
import type { SearchSelect } from './search-dialect.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';
import { placeInText, searchStrategies } from './search-strategies.ts';

// Enough of a message to rank it.
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
  const before = from === null ? null : toRowNumber(from);
  let rows: MatchRow[] = [];
  for (const select of searchStrategies(tables, query, before)) {
    const selected = await select();
    if (selected) rows = await readRows(tables, query, selected, before, limit);
    if (rows.length === limit) break;
  }
  return rows.map((row) => ({ ...row, position: String(row.position) }));
}

async function readRows(
  tables: Tables,
  query: SearchQuery,
  { select, position }: SearchSelect,
  before: number | null,
  limit: number,
): Promise<MatchRow[]> {
  // A condition for each match instead of a join, so that no planner starts with the sessions.
  const living = tables
    .from('sessions')
    .whereRaw('sessions.id = messages.session_id')
    .whereNull('deleted_at');
  filterByOwner(living, query.owner);
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

function filterByMessage(
  select: SearchSelect['select'],
  tables: Tables,
  { excluded, role, tag, model, origin, since, before, variants }: SearchQuery,
): void {
  for (const term of excluded) {
    void select.whereRaw(`${placeInText(tables)} = 0`, [needleOf(term)]);
  }
  if (variants !== true) void select.where('messages.active', 1);
  if (role !== undefined) void select.where('messages.role', role);
  if (model !== undefined) filterByModel(select, toStoredText(model));
  if (since) void select.where('messages.created_at', '>=', since.getTime());
  if (before) void select.where('messages.created_at', '<', before.getTime());
  if (tag !== undefined) {
    const tagged = tables.from('session_tags').where('tag', toStoredText(tag));
    void select.whereIn('messages.session_id', tagged.select('session_id'));
  }
  if (origin !== undefined) {
    const imported = tables.from('sessions').where('origin', toStoredText(origin));
    void select.whereIn('messages.session_id', imported.select('id'));
  }
}

/** By name, with or without the date of a version: `gpt-5` finds `gpt-5-2025-08-07`, too. */
function filterByModel(select: SearchSelect['select'], model: string): void {
  const { length } = Array.from(model);
  const rest = 'substr(messages.model, ?)';
  const patterns = ['', '-latest', '-20______', '-20__-__-__'];
  void select.whereRaw(
    `substr(messages.model, 1, ?) = ? and (${patterns.map((pattern) => `${rest} like '${pattern}'`).join(' or ')})`,
    [length, model, ...patterns.map(() => length + 1)],
  );
}

function toRowNumber(position: string): number {
  const rowNumber = Number(position);
  if (Number.isSafeInteger(rowNumber)) return rowNumber;
  throw new InvalidDataError('The cursor was not returned by a search of this store.', {
    hint: 'Search again from the first page.',
  });
}
