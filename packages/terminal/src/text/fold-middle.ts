import { widthOf } from './width.ts';

const asciiOnly = /^[ -~]*$/;

/**
 * Rows of at most so many columns, on every terminal: terminals do not agree about characters that
 * combine, so each code point counts by itself. Rows after the first begin with the indentation. A
 * short word moves to the next row; longer ones are cut, so that no row is left mostly empty.
 */
export function foldAnywhere(text: string, columns: number, indent = ''): string[] {
  return fold(text, columns, indent, true);
}

/** As much of the text as fits into so many columns, on every terminal. */
export function cutAnywhere(text: string, columns: number): string {
  return fold(text, columns, '', false)[0] ?? '';
}

function fold(text: string, columns: number, indent: string, movesWords: boolean): string[] {
  const most = Math.max(2, columns);
  const lead = indent.length < most / 2 ? indent : '';
  const rows: string[] = [];
  let row = '';
  let width = 0;
  for (const [run] of text.matchAll(/[!-~]+| +|[^ -~]/gu)) {
    const isWord = movesWords && width > most / 2 && /^[!-~]/.test(run) && run.length <= most / 2;
    const isCut = asciiOnly.test(run) && !isWord;
    const pieces = isCut ? piecesOf(run, most - width, most - lead.length) : [run];
    for (const piece of pieces) {
      const next = mostWidthOf(piece);
      if (width + next > most) {
        rows.push(row);
        row = lead;
        width = lead.length;
      }
      row += piece;
      width += next;
    }
  }
  return [...rows, row];
}

/** Characters that some terminals draw in two columns, unlike others and newer tables. */
const wideSomewhere =
  /[\u1100-\u115f\u2329\u232a\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6f\uff00-\uffe6\u{1f000}-\u{3fffd}]/u;

/** A mark takes a column too where a terminal does not know it. */
function mostWidthOf(piece: string): number {
  if (asciiOnly.test(piece)) return piece.length;
  return wideSomewhere.test(piece) ? 2 : Math.max(1, widthOf(piece));
}

/** Cuts the run: the first piece fits into the rest of the row, and each other piece into a row of its own. */
function piecesOf(run: string, first: number, others: number): string[] {
  const pieces = first > 0 ? [run.slice(0, first)] : [];
  for (let at = Math.max(0, first); at < run.length; at += others) {
    pieces.push(run.slice(at, at + others));
  }
  return pieces;
}

/** At most so many rows; a note in the middle counts those left out. */
export function foldMiddle(
  rows: readonly string[],
  most: number,
  toNote: (count: number) => string,
): string[] {
  if (rows.length <= most) return [...rows];
  if (most <= 0) return [];
  const head = Math.ceil((most - 1) / 2);
  const tail = most - 1 - head;
  const count = rows.length - head - tail;
  return [...rows.slice(0, head), toNote(count), ...rows.slice(rows.length - tail)];
}
