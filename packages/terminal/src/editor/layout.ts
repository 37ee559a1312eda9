import { widthOf } from '../text/width.ts';
import { graphemesOf } from './graphemes.ts';
import { toShownCharacter } from './shown-character.ts';

export interface Layout {
  /** The text as rows of the screen, each without its indentation. */
  readonly rows: readonly string[];
  readonly cursor: Place;
}

export interface Place {
  readonly row: number;
  readonly column: number;
}

export type LayoutText = (text: string, cursor: number, columns: number) => Layout;

/** A line of the text, with the offset in it at which each of its rows begins. */
interface Line {
  readonly rows: readonly string[];
  readonly starts: readonly number[];
}

const asciiOnly = /^[ -~]*$/;

/** Folds text into rows of so many columns; lines that stay as they were are not folded again. */
export function createLayout(): LayoutText {
  let known = new Map<string, Line>();
  let knownColumns = 0;

  return (text, cursor, columns) => {
    const before = columns === knownColumns ? known : new Map<string, Line>();
    known = new Map();
    knownColumns = columns;

    const rows: string[] = [];
    let place: Place = { row: 0, column: 0 };
    let start = 0;
    for (const content of text.split('\n')) {
      const line = known.get(content) ?? before.get(content) ?? foldLine(content, columns);
      known.set(content, line);
      const firstRow = rows.length;
      for (const row of line.rows) rows.push(row);
      if (cursor >= start && cursor <= start + content.length) {
        const inLine = placeIn(line, content, cursor - start, columns);
        place = { row: firstRow + inLine.row, column: inLine.column };
        if (inLine.row === line.rows.length) rows.push('');
      }
      start += content.length + 1;
    }
    return { rows, cursor: place };
  };
}

function foldLine(content: string, columns: number): Line {
  return asciiOnly.test(content) ? foldAscii(content, columns) : foldGraphemes(content, columns);
}

function foldAscii(content: string, columns: number): Line {
  const count = Math.max(1, Math.ceil(content.length / columns));
  const starts = Array.from({ length: count }, (_row, index) => index * columns);
  return { starts, rows: starts.map((start) => content.slice(start, start + columns)) };
}

function foldGraphemes(content: string, columns: number): Line {
  const rows: string[] = [];
  const starts = [0];
  let row = '';
  let width = 0;
  let offset = 0;
  for (const grapheme of graphemesOf(content)) {
    const shown = toShownCharacter(grapheme);
    const next = widthOf(shown);
    if (width + next > columns && width > 0) {
      rows.push(row);
      starts.push(offset);
      row = '';
      width = 0;
    }
    row += shown;
    width += next;
    offset += grapheme.length;
  }
  rows.push(row);
  return { rows, starts };
}

/** After a full row, the cursor can only be at the beginning of the next one. */
function placeIn(line: Line, content: string, offset: number, columns: number): Place {
  const row = line.starts.findLastIndex((start) => start <= offset);
  const before = graphemesOf(content.slice(line.starts[row], offset));
  const column = before.reduce((sum, grapheme) => sum + widthOf(toShownCharacter(grapheme)), 0);
  return column < columns ? { row, column } : { row: row + 1, column: 0 };
}
