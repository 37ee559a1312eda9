import { widthOf } from '../text/width.ts';
import type { EditBuffer } from './edit-buffer.ts';
import { graphemesOf, lineEnd, lineStart } from './graphemes.ts';
import { toShownCharacter } from './shown-character.ts';

/** The column of the cursor, counted as the terminal does. */
export function columnOf({ text, cursor }: EditBuffer): number {
  const before = graphemesOf(text.slice(lineStart(text, cursor), cursor));
  return before.reduce((sum, grapheme) => sum + widthOf(toShownCharacter(grapheme)), 0);
}

/** To the line above or below, as near to the column as possible; undefined without such a line. */
export function moveVertically(
  buffer: EditBuffer,
  direction: 'up' | 'down',
  column: number,
): EditBuffer | undefined {
  const { text, cursor } = buffer;
  const start = lineStart(text, cursor);
  const end = lineEnd(text, cursor);
  if (direction === 'up' ? start === 0 : end === text.length) return undefined;
  const target = direction === 'up' ? lineStart(text, start - 1) : end + 1;

  let offset = target;
  let width = 0;
  for (const grapheme of graphemesOf(text.slice(target, lineEnd(text, target)))) {
    width += widthOf(toShownCharacter(grapheme));
    if (width > column) break;
    offset += grapheme.length;
  }
  return { text, cursor: offset };
}
