import { lazySegmenter } from '../text/lazy-segmenter.ts';

const segmenter = lazySegmenter();
const asciiOnly = /^[ -~]*$/;
/** V8 copies the whole input for each segment, so that long ones have to be cut. */
const mostUnits = 256;

/** The characters of a text as a person counts them. */
export function graphemesOf(text: string): string[] {
  if (asciiOnly.test(text)) return text.split('');
  const graphemes: string[] = [];
  let size = mostUnits;
  for (let start = 0; start < text.length;) {
    const isLast = start + size >= text.length;
    const piece = Array.from(
      segmenter().segment(text.slice(start, start + size)),
      ({ segment }) => segment,
    );
    // The last one may go on in the next piece; one that fills the piece needs a larger one.
    if (!isLast) piece.pop();
    size = piece.length === 0 ? size * 2 : mostUnits;
    for (const grapheme of piece) {
      graphemes.push(grapheme);
      start += grapheme.length;
    }
  }
  return graphemes;
}

/** The border after the one that `offset` is on. */
export function nextBorder(text: string, offset: number): number {
  if (offset >= text.length) return text.length;
  if (asciiOnly.test(text.slice(offset, offset + 2))) return offset + 1;
  if (text[offset] === '\n') return offset + 1;
  const rest = text.slice(offset, lineEnd(text, offset));
  return offset + (segmenter().segment(rest).containing(0)?.segment.length ?? 1);
}

/** The last border before `offset`. */
export function previousBorder(text: string, offset: number): number {
  if (offset <= 0) return 0;
  if (asciiOnly.test(text.slice(Math.max(0, offset - 2), offset))) return offset - 1;
  if (text[offset - 1] === '\n') return offset - 1;
  const line = lineStart(text, offset);
  const before = text.slice(line, offset);
  return (
    line +
    (segmenter()
      .segment(before)
      .containing(before.length - 1)?.index ?? 0)
  );
}

/** The border at or after `offset`, which may be in the midst of a character. */
export function borderFrom(text: string, offset: number): number {
  if (offset <= 0) return 0;
  if (offset >= text.length) return text.length;
  if (asciiOnly.test(text.slice(offset - 1, offset + 1))) return offset;
  const line = lineStart(text, offset);
  const around = segmenter()
    .segment(text.slice(line, lineEnd(text, offset)))
    .containing(offset - line);
  if (around === undefined) return offset;
  const start = line + around.index;
  return start === offset ? offset : start + around.segment.length;
}

/** Where the line that holds `offset` begins. A line end is always a border. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line that holds `offset` ends, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}
