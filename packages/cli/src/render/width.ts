// Imports heavy libraries: commands load whatever imports this file by `await import()`.
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

const asciiOnly = /^[ -~]*$/;
const mostKnown = 2000;
const known = new Map<string, number>();
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Terminal columns that a text takes; colour codes take none. */
export function widthOf(text: string): number {
  if (asciiOnly.test(text)) return text.length;
  const before = known.get(text);
  if (before !== undefined) return before;
  const width = stringWidth(text);
  if (known.size >= mostKnown) known.clear();
  if (text.length < 200) known.set(text, width);
  return width;
}

/** At most so many columns of a text without colour codes; a cut is marked by '…'. */
export function truncateToWidth(text: string, columns: number): string {
  if (text.length <= columns && asciiOnly.test(text)) return text;
  if (columns <= 0) return '';
  if (text.length <= columns * 20 && widthOf(text) <= columns) return text;
  let shown = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = widthOf(segment);
    if (width + next > columns - 1) return `${shown}…`;
    shown += segment;
    width += next;
  }
  return shown;
}

/** Fills up with spaces; what is wider already is left as it is. */
export function padToWidth(
  text: string,
  columns: number,
  align: 'left' | 'right' | 'center' = 'left',
): string {
  const gap = Math.max(0, columns - widthOf(text));
  if (align === 'right') return ' '.repeat(gap) + text;
  if (align === 'center') return ' '.repeat(gap >> 1) + text + ' '.repeat(gap - (gap >> 1));
  return text + ' '.repeat(gap);
}

/** Lines of at most so many columns, broken at spaces where there are some; colours go on. */
export function wrapText(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (widthOf(line) <= columns) return [line];
    return wrapAnsi(line, columns, { hard: true }).split('\n');
  });
}

/** Lines of at most so many columns, broken anywhere, with every space kept. */
export function foldText(text: string, columns: number): string[] {
  if (widthOf(text) <= columns) return [text];
  return wrapAnsi(text, columns, { hard: true, wordWrap: false, trim: false }).split('\n');
}

/** Tabs as spaces: a terminal's own tab stops would spoil every count of columns. */
export function expandTabs(text: string, tabColumns = 4): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .reduce(
          (done, next) => done + ' '.repeat(tabColumns - (widthOf(done) % tabColumns)) + next,
        ),
    )
    .join('\n');
}
