// Made on first use: the segmenter's tables cost milliseconds that most commands need not pay.
let segmenter: Intl.Segmenter | undefined;
// What is never more than one character each, so that it need not be segmented.
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * At most `maxGraphemes` of what a reader would call characters, on one line, always well-formed
 * Unicode; "…" stands for what was cut and counts as one of them.
 */
export function clipText(text: string, maxGraphemes: number): string {
  // A grapheme may be long, but a bound keeps a 16 MiB paste from being segmented for a preview.
  const line = text
    .slice(0, maxGraphemes * 64)
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  if (PLAIN.test(line)) {
    return line.length > maxGraphemes ? `${line.slice(0, maxGraphemes - 1).trimEnd()}…` : line;
  }
  segmenter ??= new Intl.Segmenter();
  const graphemes: string[] = [];
  for (const { segment } of segmenter.segment(line)) {
    if (graphemes.length === maxGraphemes) return `${graphemes.slice(0, -1).join('').trimEnd()}…`;
    graphemes.push(segment);
  }
  return graphemes.join('');
}
