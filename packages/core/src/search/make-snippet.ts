import type { SnippetPiece } from '../ports/session-search.ts';
import { findSpans, mergeSpans, type Span } from './find-spans.ts';
import type { SearchTerm } from './parse-query.ts';
import { snapDown, snapUp } from './snap-to-grapheme.ts';
import { tokenizeText } from './tokenize-text.ts';

const CONTEXT_LENGTH = 60;
const MAX_FRAGMENTS = 3;
// A "word" may be a whole base64 text.
const MAX_FIND_LENGTH = 120;

/**
 * The text around the first match of each term, on one line, with every match in it marked; without
 * matches, the beginning of the text. "…" stands for omitted text. Bounded and well-formed, with no
 * character cut.
 */
export function makeSnippet(text: string, terms: readonly SearchTerm[]): SnippetPiece[] {
  const source = text.toWellFormed();
  const tokens = terms.length === 0 ? [] : [...tokenizeText(source)];
  const found = terms.map((term) => findSpans(tokens, term).map((span) => boundSpan(source, span)));
  const finds = mergeSpans(found.flat());
  const fragments = mergeSpans(found.flatMap((spans) => aroundFirst(source, spans)));
  if (fragments.length === 0) {
    fragments.push({ start: 0, end: snapDown(source, 2 * CONTEXT_LENGTH) });
  }
  return joinFragments(source, fragments.slice(0, MAX_FRAGMENTS), finds);
}

function boundSpan(source: string, { start, end }: Span): Span {
  return {
    start: snapDown(source, start),
    end: snapUp(source, Math.min(end, start + MAX_FIND_LENGTH)),
  };
}

function aroundFirst(source: string, [first]: readonly Span[]): Span[] {
  if (!first) return [];
  const start = snapDown(source, first.start - CONTEXT_LENGTH);
  const end = snapUp(source, first.end + CONTEXT_LENGTH);
  return [{ start, end }];
}

function joinFragments(
  source: string,
  fragments: readonly Span[],
  finds: readonly Span[],
): SnippetPiece[] {
  const pieces: SnippetPiece[] = [];
  let end = 0;
  for (const fragment of fragments) {
    if (fragment.start > end) addPiece(pieces, pieces.length === 0 ? '…' : ' … ', false);
    end = fragment.start;
    for (const find of finds.filter((span) => span.start < fragment.end && span.end > end)) {
      const start = Math.max(find.start, end);
      addPiece(pieces, source.slice(end, start), false);
      end = Math.min(find.end, fragment.end);
      addPiece(pieces, source.slice(start, end), true);
    }
    addPiece(pieces, source.slice(end, fragment.end), false);
    end = fragment.end;
  }
  if (end < source.length) addPiece(pieces, '…', false);
  return pieces;
}

function addPiece(pieces: SnippetPiece[], raw: string, isMatch: boolean): void {
  const text = raw.replace(/[\s\p{Cc}]+/gu, ' ');
  const last = pieces.at(-1);
  if (text === '') return;
  if (last?.isMatch === isMatch) last.text += text;
  else pieces.push({ text, isMatch });
}
