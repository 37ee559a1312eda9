// Imports a heavy library: commands load whatever imports this file by `await import()`.
import stringWidth from 'string-width';
import { lazySegmenter } from './lazy-segmenter.ts';

const asciiOnly = /^[ -~]*$/;
const colorCode = /\u001b\[[\d;]*m/g;
/**
 * Characters that take one column or two in every context: Latin, Cyrillic, dashes, Braille; Kana,
 * Han, Hangul.
 */
const narrow = '\\u00a1-\\u00ac\\u00ae-\\u02ff\\u0400-\\u0482\\u2010-\\u2027\\u2800-\\u28ff';
const wide =
  '\\u3001-\\u3029\\u3041-\\u3096\\u30a1-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60';
const plainOnly = new RegExp(`^[ -~${narrow}${wide}]*$`);
const wideCharacters = new RegExp(`[${wide}]+`, 'g');

const mostKnown = 2000;
const known = new Map<string, number>();
const segmenter = lazySegmenter();

/** Terminal columns that a text takes; colour codes take none. */
export function widthOf(text: string): number {
  if (asciiOnly.test(text)) return text.length;
  const plain = text.includes('\u001b') ? text.replaceAll(colorCode, '') : text;
  if (plainOnly.test(plain)) {
    let width = plain.length;
    for (const [run] of plain.matchAll(wideCharacters)) width += run.length;
    return width;
  }
  const before = known.get(plain);
  if (before !== undefined) return before;
  const width = stringWidth(plain);
  if (known.size >= mostKnown) known.clear();
  if (plain.length < 200) known.set(plain, width);
  return width;
}

/** One visible character. */
export function graphemesOf(text: string): string[] {
  if (plainOnly.test(text)) return text.split('');
  return Array.from(segmenter().segment(text), ({ segment }) => segment);
}

/** At most so many columns of a text without colour codes; a cut is marked by '…'. */
export function truncateToWidth(text: string, columns: number): string {
  if (text.length <= columns && asciiOnly.test(text)) return text;
  if (columns <= 0) return '';
  if (text.length <= columns * 20 && widthOf(text) <= columns) return text;
  let shown = '';
  let width = 0;
  for (const { segment } of segmenter().segment(text)) {
    const next = widthOf(segment);
    if (width + next > columns - 1) return `${shown}…`;
    shown += segment;
    width += next;
  }
  return shown;
}

/** Pads with spaces; a wider text is left unchanged. */
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

/** Tabs as spaces: a terminal's own tab stops would falsify every count of columns. */
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
