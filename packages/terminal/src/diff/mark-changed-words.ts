import { diffWordsWithSpace } from 'diff';
import type { Style } from '../text/style.ts';

interface ChangedLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Lines that share less than this are other lines, and marks in them would only be noise. */
const leastAlike = 0.4;
/** Longer lines are not written by people, and take long to compare. */
const mostLength = 1000;
/** More changed words in a line are another line, and take long to find. */
const mostChanges = 60;

/** The text of each line; where a line replaces one that is like it, both have marks on what differs. */
export function markChangedWords(lines: readonly ChangedLine[], style: Style): string[] {
  const shown = lines.map(({ text }) => text);
  for (const [removed, added] of pairsOf(lines)) {
    const marked = markPair(lines[removed]?.text ?? '', lines[added]?.text ?? '', style);
    if (marked) [shown[removed], shown[added]] = marked;
  }
  return shown;
}

/** Where as many lines come as go, each one replaces the one in its place. */
function pairsOf(lines: readonly ChangedLine[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < lines.length;) {
    const removed = runLength(lines, at, '-');
    const added = runLength(lines, at + removed, '+');
    if (removed === added) {
      for (let index = 0; index < removed; index += 1)
        pairs.push([at + index, at + removed + index]);
    }
    at += Math.max(1, removed + added);
  }
  return pairs;
}

function runLength(lines: readonly ChangedLine[], start: number, sign: string): number {
  let length = 0;
  while (lines[start + length]?.sign === sign) length += 1;
  return length;
}

function markPair(before: string, after: string, style: Style): [string, string] | undefined {
  if (Math.max(before.length, after.length) > mostLength) return undefined;
  const pieces = diffWordsWithSpace(before, after, { maxEditLength: mostChanges });
  if (pieces === undefined) return undefined;
  const common = pieces
    .filter(({ added, removed }) => !added && !removed)
    .reduce((length, { value }) => length + value.length, 0);
  if (common < leastAlike * Math.max(before.length, after.length)) return undefined;
  const mark = (text: string) => style.bold(style.underline(text));
  const side = (other: 'added' | 'removed') =>
    pieces
      .filter((piece) => !piece[other])
      .map((piece) => (piece.added || piece.removed ? mark(piece.value) : piece.value))
      .join('');
  return [side('added'), side('removed')];
}
