/** The search with Ctrl-R: what is looked for, and the newest entry that holds it so far. */
export interface HistorySearch {
  readonly entries: readonly string[];
  readonly query: string;
  /** The entry that is shown; -1 while none holds the query. */
  readonly index: number;
}

export interface HistoryMatch {
  readonly text: string;
  /** The place of the query in it. */
  readonly offset: number;
}

export function startSearch(entries: readonly string[]): HistorySearch {
  return { entries, query: '', index: -1 };
}

/** From the newest on again: a shorter query may have a newer match. */
export function searchFor(search: HistorySearch, query: string): HistorySearch {
  return { ...search, query, index: findFrom({ ...search, query }, search.entries.length - 1, -1) };
}

/** The next match in that direction; the same one where there is no other. */
export function searchOn(search: HistorySearch, direction: 'older' | 'newer'): HistorySearch {
  if (search.index < 0) return search;
  const step = direction === 'older' ? -1 : 1;
  const index = findFrom(search, search.index + step, step);
  return index < 0 ? search : { ...search, index };
}

export function matchOf({ entries, query, index }: HistorySearch): HistoryMatch | undefined {
  const text = entries[index];
  return text === undefined ? undefined : { text, offset: offsetOf(text, query) };
}

function findFrom({ entries, query }: HistorySearch, from: number, step: 1 | -1): number {
  if (query === '') return -1;
  for (let index = from; index >= 0 && index < entries.length; index += step) {
    if (offsetOf(entries[index] ?? '', query) >= 0) return index;
  }
  return -1;
}

/** A capital letter in the query makes it mean capitals. */
function offsetOf(text: string, query: string): number {
  if (query !== query.toLowerCase()) return text.indexOf(query);
  const offset = text.toLowerCase().indexOf(query);
  // A few letters get longer in lower case; then the snippet starts at the beginning.
  return offset > text.length ? 0 : offset;
}
