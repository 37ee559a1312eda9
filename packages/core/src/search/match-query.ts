import type { SearchQuery, SearchTerm } from './parse-query.ts';

/** The reference of what a term finds; `searchText` is what `searchTextOf` made of a message. */
export function occursIn(searchText: string, term: SearchTerm): boolean {
  return ` ${searchText} `.includes(needleOf(term));
}

/** What to look for in a search text that has a space before and after it. */
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

/** Whether there is nothing to look for; such a query finds nothing. */
export function isEmptyQuery(query: SearchQuery): boolean {
  const { terms, excluded, role, tag, model, since, before } = query;
  const filters = [role, tag, model, since, before];
  return (
    terms.length === 0 && excluded.length === 0 && filters.every((filter) => filter === undefined)
  );
}
