/** Earlier input, of this session and of earlier ones. */
export interface History {
  /** The oldest first, each text once, where it was entered last. */
  entries(): readonly string[];
  /** Blank texts are not stored. Throws StorageError if the text can't be written down. */
  add(text: string): void;
}

export interface MemoryHistoryOptions {
  readonly entries?: readonly string[];
  readonly maxEntries?: number;
}

/** Kept in memory only. */
export function createMemoryHistory({
  entries = [],
  maxEntries = 1000,
}: MemoryHistoryOptions = {}): History {
  const texts = new Set<string>();
  const add = (text: string) => {
    if (text.trim() === '') return;
    texts.delete(text);
    texts.add(text);
    const [oldest] = texts;
    if (texts.size > maxEntries && oldest !== undefined) texts.delete(oldest);
  };
  for (const text of entries) add(text);
  return { entries: () => Array.from(texts), add };
}
