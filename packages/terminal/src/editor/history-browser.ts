/**
 * Walks through the history with the up and down keys: only what begins like the text that was
 * there when it began, and at the end that text itself.
 */
export interface HistoryBrowser {
  readonly entries: readonly string[];
  /** What was typed before; its part before the cursor is what an entry has to begin with. */
  readonly draft: string;
  readonly prefix: string;
  /** `entries.length` is the draft. */
  readonly index: number;
}

export function browseHistory(
  entries: readonly string[],
  draft: string,
  prefix: string,
): HistoryBrowser {
  return { entries, draft, prefix, index: entries.length };
}

export function shownEntry({ entries, draft, index }: HistoryBrowser): string {
  return entries[index] ?? draft;
}

/** Undefined at the end. */
export function stepHistory(
  browser: HistoryBrowser,
  direction: 'older' | 'newer',
): HistoryBrowser | undefined {
  const { entries, prefix } = browser;
  const now = shownEntry(browser);
  const step = direction === 'older' ? -1 : 1;
  for (let index = browser.index + step; index >= 0 && index < entries.length; index += step) {
    const entry = entries[index] ?? '';
    if (entry.startsWith(prefix) && entry !== now) return { ...browser, index };
  }
  const isBack = direction === 'newer' && browser.index < entries.length;
  return isBack ? { ...browser, index: entries.length } : undefined;
}
