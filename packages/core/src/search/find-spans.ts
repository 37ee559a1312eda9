import type { SearchTerm } from './parse-query.ts';
import type { Token } from './tokenize-text.ts';

export interface Span {
  start: number;
  end: number;
}

/** The positions of a term in the text that the tokens were taken from. */
export function findSpans(tokens: readonly Token[], term: SearchTerm): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at + term.tokens.length <= tokens.length; at += 1) {
    const span = spanAt(tokens, at, term);
    if (span) spans.push(span);
  }
  return spans;
}

function spanAt(tokens: readonly Token[], at: number, term: SearchTerm): Span | undefined {
  const lastIndex = term.tokens.length - 1;
  for (const [offset, wanted] of term.tokens.entries()) {
    const text = tokens[at + offset]?.text;
    const mayGoOn = term.isPrefix && offset === lastIndex;
    if (!(mayGoOn ? text?.startsWith(wanted) : text === wanted)) return undefined;
  }
  const first = tokens[at];
  const last = tokens[at + lastIndex];
  if (!first || !last) return undefined;
  // If only the first character of a pair was typed, only that one matches.
  const isBegun = last.text !== term.tokens[lastIndex];
  return { start: first.start, end: isBegun ? (last.firstEnd ?? last.end) : last.end };
}

/** In order, and not overlapping. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}
