import { describe, expect, it } from '@jest/globals';
import { browseHistory, shownEntry, stepHistory, type HistoryBrowser } from './history-browser.ts';
import { matchOf, searchFor, searchOn, startSearch } from './history-search.ts';
import { createMemoryHistory } from './history.ts';

const entries = ['git log', 'ls', 'git push', 'git push', 'List all'];

describe('createMemoryHistory', () => {
  it('holds each text once and no more than asked for', () => {
    const history = createMemoryHistory({ entries: ['a', 'b'], maxEntries: 3 });
    for (const text of ['a', 'c', ' ', 'd']) history.add(text);
    expect(history.entries()).toEqual(['a', 'c', 'd']);
  });
});

describe('browseHistory', () => {
  const walk = (start: HistoryBrowser, directions: ('older' | 'newer')[]) => {
    let browser: HistoryBrowser | undefined = start;
    return directions.map((direction) => {
      browser = browser && stepHistory(browser, direction);
      return browser && shownEntry(browser);
    });
  };

  it('goes through what begins alike, and back to the draft', () => {
    const browser = browseHistory(entries, 'git x', 'git ');
    expect(walk(browser, ['older', 'older', 'newer', 'newer'])).toEqual([
      'git push',
      'git log',
      'git push',
      'git x',
    ]);
  });

  it('shows all where nothing was typed, and ends at the oldest', () => {
    const browser = browseHistory(['a', 'b'], '', '');
    expect(walk(browser, ['older', 'older', 'older'])).toEqual(['b', 'a', undefined]);
  });

  it('has nothing newer than the draft', () => {
    expect(stepHistory(browseHistory(entries, '', ''), 'newer')).toBeUndefined();
  });
});

describe('history-search', () => {
  it('finds the newest entry that holds the query, then older ones, then newer ones', () => {
    const found = searchFor(startSearch(['git log', 'ls', 'git push']), 'git');
    expect(matchOf(found)).toEqual({ text: 'git push', offset: 0 });
    const older = searchOn(found, 'older');
    expect(matchOf(older)?.text).toBe('git log');
    expect(matchOf(searchOn(older, 'older'))?.text).toBe('git log');
    expect(matchOf(searchOn(older, 'newer'))?.text).toBe('git push');
  });

  it('looks at capital letters only if there are some in the query', () => {
    expect(matchOf(searchFor(startSearch(entries), 'list'))).toEqual({
      text: 'List all',
      offset: 0,
    });
    expect(matchOf(searchFor(startSearch(entries), 'Git'))).toBeUndefined();
  });

  it('comes back to a newer match when the query gets shorter', () => {
    const log = searchFor(startSearch(entries), 'git l');
    expect(matchOf(log)?.text).toBe('git log');
    expect(matchOf(searchFor(log, 'git'))?.text).toBe('git push');
    expect(matchOf(searchFor(log, ''))).toBeUndefined();
  });
});
