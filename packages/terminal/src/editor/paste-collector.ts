const pasteEnd = '\u001b[201~';

/** The text of a bracketed paste, up to the mark that ends it; the mark may be cut anywhere. */
export interface PasteCollector {
  /** How much of the input belongs to the paste, its end mark included. */
  take(input: string): { readonly length: number; readonly isEnd: boolean };
  /** All that was pasted; the collector is empty again. */
  end(): string;
}

export function createPasteCollector(): PasteCollector {
  let pieces: string[] = [];
  /** May be the beginning of the end mark. */
  let tail = '';

  return {
    take(input) {
      const candidate = tail + input;
      const end = candidate.indexOf(pasteEnd);
      if (end < 0) {
        const cut = Math.max(0, candidate.length - pasteEnd.length + 1);
        pieces.push(candidate.slice(0, cut));
        tail = candidate.slice(cut);
        return { length: input.length, isEnd: false };
      }
      const length = end + pasteEnd.length - tail.length;
      tail = candidate.slice(0, end);
      return { length, isEnd: true };
    },

    end() {
      const text = pieces.join('') + tail;
      pieces = [];
      tail = '';
      return text;
    },
  };
}
