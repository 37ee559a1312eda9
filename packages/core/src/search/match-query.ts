import type { SearchQuery, SearchTerm } from './parse-query.ts';

/**
 * The reference for the matches of a query; `searchText` is the result of `searchTextOf` for a
 * message.
 */
export function occursIn(searchText: string, term: SearchTerm): boolean {
  return ` ${searchText} `.includes(needleOf(term));
}

/** The string to find in a search text with a space before and after it. */
export function needleOf(term: SearchTerm): string {
  return ` ${term.tokens.join(' ')}${term.isPrefix ? '' : ' '}`;
}

export function matchesTerms(
  searchText: string,
  query: Pick<SearchQuery, 'terms' | 'excluded'>,
): boolean {
  return (
    query.terms.every((group) => group.some((term) => occursIn(searchText, term))) &&
    !query.excluded.some((term) => occursIn(searchText, term))
  );
}

/** Whether the query is empty; an empty query finds nothing. */
export function isEmptyQuery(query: SearchQuery): boolean {
  const { terms, excluded, role, tag, model, since, before } = query;
  const filters = [role, tag, model, since, before];
  return (
    terms.length === 0 && excluded.length === 0 && filters.every((filter) => filter === undefined)
  );
}
