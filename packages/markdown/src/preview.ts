import { readEnd, type ReaderState } from './block-reader.ts';
import type { Piece } from './piece.ts';

/** A line of marks alone is undecided: `-` may become an item, a rule or a heading's underline. */
const halfMarks = /^[ \t]*(?:[-=*_+#>|`~: \t]+|\d+[.)]?)$/;
const halfFence = /^[ \t]*[`~]*[ \t]*$/;

/**
 * Renders the text that is not final, as if it ended here. Of a very long block only about so many
 * characters are looked at: more than the screen could show.
 */
export function toPreview(
  state: ReaderState,
  unread: string,
  mostCharacters: number,
): readonly Piece[] {
  const tail = state.tail + unread;
  const shown = tail.length > mostCharacters ? endOf(tail, mostCharacters) : tail;
  const lineStart = shown.lastIndexOf('\n') + 1;
  const half = state.fence === undefined ? halfMarks : halfFence;
  const isHalf = half.test(shown.slice(lineStart));
  const source = isHalf ? shown.slice(0, lineStart) : shown;
  return readEnd({ ...state, tail: state.fence === undefined ? closeMarks(source) : source });
}

/** Unfinished bold or code is shown as such before its end has come. */
function closeMarks(source: string): string {
  const paragraph = source.slice(source.lastIndexOf('\n\n') + 1);
  for (const mark of ['`', '**']) {
    const parts = paragraph.split(mark);
    if (parts.length % 2 === 0 && /^[^\s`*][^\n]*[^\s*]$|^[^\s`*]$/.test(parts.at(-1) ?? '')) {
      return source + mark;
    }
  }
  return source;
}

const step = 1024;

/** Goes on in steps, so that not every character moves all rows. A table keeps its head. */
function endOf(tail: string, mostCharacters: number): string {
  const head = /^[^\n]*\|[^\n]*\n[ \t|:-]*-[ \t|:-]*\n/.exec(tail)?.[0] ?? '';
  const skipped = Math.ceil((tail.length - mostCharacters) / step) * step;
  const rest = tail.slice(Math.max(head.length, skipped));
  const start = rest.indexOf('\n') + 1 || rest.indexOf(' ') + 1;
  return head + rest.slice(start);
}
