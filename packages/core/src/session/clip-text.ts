// Created on first use: the segmenter's tables cost milliseconds, and most commands need none.
let segmenter: Intl.Segmenter | undefined;
// Characters that never combine with others, so that they need no segmenting.
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * At most `maxGraphemes` characters as a reader counts them, on one line, always well-formed
 * Unicode; "…" marks the cut and counts as one of them.
 */
export function clipText(text: string, maxGraphemes: number): string {
  const said = text.trimStart();
  // A grapheme may be long, but a bound keeps a 16 MiB paste from being segmented for a preview.
  const bound = maxGraphemes * 64;
  const line = said
    .slice(0, bound)
    .replace(/[\ud800-\udbff]$/, '')
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = PLAIN.test(line) ? Array.from(line) : graphemesOf(line, maxGraphemes);
  const isWhole = characters.length <= maxGraphemes && said.slice(bound).trim() === '';
  if (isWhole) return line;
  return `${characters
    .slice(0, maxGraphemes - 1)
    .join('')
    .trimEnd()}…`;
}

/** The first of them, plus one more if the text continues. */
function graphemesOf(line: string, most: number): string[] {
  segmenter ??= new Intl.Segmenter();
  const graphemes: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    graphemes.push(segment);
    if (graphemes.length > most) break;
  }
  return graphemes;
}
