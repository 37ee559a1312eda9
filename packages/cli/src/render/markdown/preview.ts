import { readEnd, type ReaderState } from './block-reader.ts';
import type { Piece } from './piece.ts';

/** A line of marks alone says nothing yet: `-` may become an item, a rule or a heading's underline. */
const halfMarks = /^[ \t]*(?:[-=*_+#>|`~: \t]+|\d+[.)]?)$/;
const halfFence = /^[ \t]*[`~]*[ \t]*$/;

/**
 * What the text that is not final would be if it ended here. Of a very long block only about so many
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
  return readEnd({ ...state, tail: isHalf ? shown.slice(0, lineStart) : shown });
}

/** A table keeps its head, without which its rows are none. */
function endOf(tail: string, mostCharacters: number): string {
  const head = /^[^\n]*\|[^\n]*\n[ \t|:-]*-[ \t|:-]*\n/.exec(tail)?.[0] ?? '';
  const rest = tail.slice(Math.max(head.length, tail.length - mostCharacters));
  const start = rest.indexOf('\n') + 1 || rest.indexOf(' ') + 1;
  return head + rest.slice(start);
}
