import { toBuffer, type EditBuffer } from './edit-buffer.ts';
import { replaceText, type Editing } from './editing.ts';
import { previousBorder } from './graphemes.ts';
import { matchOf, searchFor, searchOn, startSearch, type HistorySearch } from './history-search.ts';
import type { KeyEvent } from './key-event.ts';

/** While Ctrl-R searches: what it searches for, and what stood there before. */
export interface SearchMode {
  readonly search: HistorySearch;
  readonly before: Editing;
}

export interface SearchOutcome {
  /** Continues the search; with `accepted`, ends it and passes the key on to the found text. */
  readonly search?: SearchMode;
  /** The search is over, with this in the input. */
  readonly accepted?: Editing;
}

export function beginSearch(before: Editing, entries: readonly string[]): SearchMode {
  return { search: startSearch(entries), before };
}

/** The text that the input shows during a search. */
export function foundText({ search, before }: SearchMode): EditBuffer {
  const match = matchOf(search);
  return match ? toBuffer(match.text, match.offset) : before.buffer;
}

export function searchStatus({ search }: SearchMode): string {
  const isMissing = search.query !== '' && search.index < 0;
  return `${isMissing ? 'not in history' : 'history'}: ${search.query}`;
}

export function applyToSearch(mode: SearchMode, event: KeyEvent): SearchOutcome {
  const { search, before } = mode;
  const goOn = (next: HistorySearch) => ({ search: { search: next, before } });
  if (event.type === 'text') return goOn(searchFor(search, search.query + event.text));
  if (event.type === 'cursor-position') return { search: mode };
  if (event.type === 'paste') {
    return goOn(searchFor(search, search.query + event.text.trim()));
  }
  switch (event.key) {
    case 'ctrl-r':
    case 'up':
      return goOn(searchOn(search, 'older'));
    case 'ctrl-s':
    case 'down':
      return goOn(searchOn(search, 'newer'));
    case 'backspace': {
      const { query } = search;
      return goOn(searchFor(search, query.slice(0, previousBorder(query, query.length))));
    }
    case 'escape':
    case 'ctrl-g':
    case 'ctrl-c':
      return { accepted: before };
    case 'tab':
      return { accepted: accept(mode) };
    default:
      return { search: mode, accepted: accept(mode) };
  }
}

function accept({ search, before }: SearchMode): Editing {
  const match = matchOf(search);
  return match ? replaceText(before, match.text, match.offset) : before;
}
