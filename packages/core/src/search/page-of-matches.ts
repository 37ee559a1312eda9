import { InvalidDataError } from '../errors/run-errors.ts';
import type { SearchPage } from '../ports/session-search.ts';
import type { Page } from '../ports/session-store.ts';
import type { Role } from '../session/message.ts';
import type { SearchQuery } from './parse-query.ts';
import { scoreMatch } from './score-match.ts';

/** A message that matches a query, before it is known whether it will be shown. */
export interface Match {
  /** Its position among all messages, in the store's own order from the newest. */
  position: string;
  /** Its search text, or the beginning of it. */
  searchText: string;
  role: Role;
}

/** How many matches are compared with each other. */
const SEARCH_WINDOW = 200;

/**
 * A page of matches, best first. A common word is in half of all messages, and ranking all of them
 * would take too long. So the newest `SEARCH_WINDOW` matches are ranked, then the next as many.
 * `readWindow` returns matches, newest first, beginning at `from`, even if the message there is
 * gone.
 */
export async function pageOfMatches<T extends Match>(
  query: SearchQuery,
  { limit, cursor }: SearchPage,
  readWindow: (from: string | null, limit: number) => Promise<T[]>,
): Promise<Page<T>> {
  const { from, offset } = cursor === undefined ? FIRST : fromCursor(cursor);
  const found = await readWindow(from, SEARCH_WINDOW + 1);
  const window = found.slice(0, SEARCH_WINDOW);
  const end = offset + limit;
  const first = window[0];
  const next = found[SEARCH_WINDOW];
  let nextCursor: string | null = null;
  if (first && end < window.length) nextCursor = toCursor(first.position, end);
  else if (next) nextCursor = toCursor(next.position, 0);
  return { items: rank(window, query).slice(offset, end), nextCursor };
}

const FIRST = { from: null, offset: 0 };

function rank<T extends Match>(matches: readonly T[], query: SearchQuery): T[] {
  return matches
    .map((match) => ({ match, score: scoreMatch(match.searchText, match.role, query) }))
    .sort((a, b) => b.score - a.score)
    .map(({ match }) => match);
}

function toCursor(from: string, offset: number): string {
  return Buffer.from(`${offset} ${from}`).toString('base64url');
}

function fromCursor(cursor: string): { from: string; offset: number } {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, offset, from] = /^(\d{1,6}) ([\w-]+)$/.exec(text) ?? [];
  if (offset === undefined || from === undefined) {
    throw new InvalidDataError('The cursor was not returned by a search.', {
      hint: 'Search again from the first page.',
    });
  }
  return { from, offset: Number(offset) };
}
