import type { EditBuffer } from './edit-buffer.ts';
import { borderFrom, lineEnd, lineStart, nextBorder, previousBorder } from './graphemes.ts';

export type Motion =
  | 'left'
  | 'right'
  | 'word-left'
  | 'word-right'
  | 'blank-word-left'
  | 'line-start'
  | 'line-end'
  | 'text-start'
  | 'text-end';

/** No word is longer, and V8 copies the whole input for each segment. */
const mostUnits = 1000;
let wordSegmenter: Intl.Segmenter | undefined;

/** Where the cursor goes; deleting and killing use the same places. */
export function offsetAfter({ text, cursor }: EditBuffer, motion: Motion): number {
  switch (motion) {
    case 'left':
      return previousBorder(text, cursor);
    case 'right':
      return nextBorder(text, cursor);
    case 'word-left':
      return wordLeft(text, cursor);
    case 'word-right':
      return wordRight(text, cursor);
    case 'blank-word-left': {
      const before = text.slice(0, cursor).trimEnd();
      return borderFrom(text, before.length - (/\S*$/.exec(before)?.[0].length ?? 0));
    }
    case 'line-start':
      return lineStart(text, cursor);
    case 'line-end':
      return lineEnd(text, cursor);
    case 'text-start':
      return 0;
    case 'text-end':
      return text.length;
  }
}

function wordRight(text: string, cursor: number): number {
  for (let start = cursor; start < text.length;) {
    const end = Math.min(lineEnd(text, start), start + mostUnits);
    for (const { index, segment, isWordLike } of words(text.slice(start, end))) {
      if (isWordLike) return borderFrom(text, start + index + segment.length);
    }
    start = text[end] === '\n' ? end + 1 : end;
  }
  return text.length;
}

function wordLeft(text: string, cursor: number): number {
  for (let end = cursor; end > 0;) {
    const start = Math.max(lineStart(text, end), end - mostUnits);
    const last = words(text.slice(start, end)).findLast(({ isWordLike }) => isWordLike);
    if (last !== undefined) return borderFrom(text, start + last.index);
    end = text[start - 1] === '\n' ? start - 1 : start;
  }
  return 0;
}

function words(line: string): Intl.SegmentData[] {
  wordSegmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' });
  return Array.from(wordSegmenter.segment(line));
}
