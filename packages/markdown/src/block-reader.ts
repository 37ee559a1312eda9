import type { Token, Tokens } from 'marked';
import { lexBlocks, lexInline, noLinks, type Links } from './block-lexer.ts';
import { closesFence, openingFence, type Fence } from './fence.ts';
import { toItemPieces, type ListState } from './list-pieces.ts';
import type { Piece } from './piece.ts';
import { splitParagraph } from './split-paragraph.ts';

/** The position of the reader: a value, so that an end can be tried without moving. */
export interface ReaderState {
  /** Source that is not final. */
  readonly tail: string;
  /** The tail is looked at again when it is this long: growing steps keep long blocks linear. */
  readonly lookAt: number;
  readonly links: Links;
  readonly fence?: Fence;
  /** The separator, if the tail continues a paragraph whose first part is final. */
  readonly separator?: string;
  /** The tail starts with an item of a list whose first items are final. */
  readonly list?: ListState;
}

interface ReadResult {
  readonly pieces: readonly Piece[];
  readonly state: ReaderState;
}

const smallTail = 2048;
const longestLine = 1024;

export const startOfDocument: ReaderState = { tail: '', lookAt: 0, links: noLinks };

/** What `readLine` takes next: a line, or a part of a very long one; undefined while it is unfinished. */
export function firstLine(source: string): string | undefined {
  const end = source.slice(0, longestLine).indexOf('\n') + 1;
  if (end === 0 && source.length < longestLine) return undefined;
  return source.slice(0, end === 0 ? longestLine : end);
}

/**
 * Takes the next line, its end included, or a part of a very long one. All blocks but the last are
 * final then; so are all items but the last of a list, the lines of a fence, and the beginning of a
 * long paragraph. What comes out depends on the text alone, never on the pieces it arrived in.
 */
export function readLine(state: ReaderState, line: string): ReadResult {
  const tail = state.tail + line;
  if (state.fence !== undefined) return readCode(state, state.fence, tail);
  if (tail.length < state.lookAt) return { pieces: [], state: { ...state, tail } };
  return readBlocks(state, state.separator === undefined ? withoutBlankStart(tail) : tail);
}

/** The meaning of the rest if the input ends here. */
export function readEnd(state: ReaderState): readonly Piece[] {
  if (state.fence !== undefined) {
    const isCode = state.tail !== '' && !closesFence(state.fence, state.tail);
    return isCode ? [toCodePiece(state.fence, state.tail)] : [];
  }
  const { tokens, links } = lexTail(state, state.tail);
  return toPieces({ ...state, links }, tokens);
}

function readBlocks(state: ReaderState, tail: string): ReadResult {
  const { tokens, links } = lexTail(state, tail);
  const last = tokens.at(-1);
  const start = last === undefined || tokens.length === 1 ? 0 : startOfLast(last, tail);
  if (last === undefined || start < 0) return held({ ...state, tail, links });
  if (tokens.length === 1) return readLastBlock({ ...state, tail, links }, last);
  const pieces = toPieces({ ...state, links }, tokens.slice(0, -1));
  const rest = readLastBlock({ tail: tail.slice(start), lookAt: 0, links }, last);
  return { pieces: [...pieces, ...rest.pieces], state: rest.state };
}

/** The part of a growing block that is already final. */
function readLastBlock(state: ReaderState, last: Token): ReadResult {
  const fence = last.type === 'code' ? openingFence(state.tail) : undefined;
  if (fence !== undefined) return enterFence(state, fence);
  if (last.type === 'list') return readItems(state, last as Tokens.List);
  if (last.type === 'paragraph' && state.tail.length > smallTail) return readParagraph(state);
  return held(state);
}

function held(state: ReaderState): ReadResult {
  const size = state.tail.length;
  return { pieces: [], state: { ...state, lookAt: size < smallTail ? 0 : size * 1.5 } };
}

function enterFence({ tail, links }: ReaderState, fence: Fence): ReadResult {
  const pieces: Piece[] = [{ type: 'fence-start', info: fence.info }];
  let state: ReaderState = { tail: '', lookAt: 0, links, fence };
  for (const line of tail.slice(fence.length).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const read = readLine(state, line);
    pieces.push(...read.pieces);
    state = read.state;
  }
  return { pieces, state };
}

function readCode(state: ReaderState, fence: Fence, tail: string): ReadResult {
  if (!tail.endsWith('\n')) return { pieces: [], state: { ...state, tail } };
  if (closesFence(fence, tail)) {
    return { pieces: [], state: { ...startOfDocument, links: state.links } };
  }
  return { pieces: [toCodePiece(fence, tail)], state: { ...state, tail: '' } };
}

function readItems(state: ReaderState, list: Tokens.List): ReadResult {
  const last = list.items.at(-1);
  const start = last === undefined || list.items.length < 2 ? -1 : startOfLast(last, state.tail);
  if (start < 0) return held(state);
  const { pieces, after } = toItemPieces(list, state.list, 1);
  const tail = state.tail.slice(start);
  return { pieces, state: { tail, lookAt: 0, links: state.links, list: after } };
}

function readParagraph(state: ReaderState): ReadResult {
  const { tail, links, separator = '' } = state;
  const cut = splitParagraph(lexInline(tail, links), tail.length);
  if (cut === undefined) return held(state);
  const tokens = lexInline(tail.slice(0, cut.end), links);
  const rest = tail.slice(cut.end + cut.separator.length);
  return {
    pieces: [{ type: 'paragraph-part', tokens, separator, isLast: false }],
    state: { tail: rest, lookAt: 0, links, separator: cut.separator },
  };
}

function toPieces(state: ReaderState, tokens: readonly Token[]): Piece[] {
  return tokens.flatMap((token, index): Piece[] => {
    if (index === 0 && state.separator !== undefined) {
      const rest = lexInline(token.raw.slice(1).trim(), state.links);
      return [{ type: 'paragraph-part', tokens: rest, separator: state.separator, isLast: true }];
    }
    if (token.type !== 'list') return [{ type: 'block', token }];
    return toItemPieces(token as Tokens.List, index === 0 ? state.list : undefined).pieces;
  });
}

function toCodePiece(fence: Fence, line: string): Piece {
  const indentation = new RegExp(`^ {0,${fence.indentation}}`);
  return { type: 'code-line', line: line.replace(/\n$/, '').replace(indentation, '') };
}

/** A letter in front keeps the rest of a paragraph from being read as another block. */
function lexTail(state: ReaderState, tail: string): ReturnType<typeof lexBlocks> {
  return lexBlocks(state.separator === undefined ? tail : `x${tail}`, state.links);
}

function withoutBlankStart(tail: string): string {
  return tail.replace(/^(?:[ \t]*\n)+/, '');
}

/** The last part extends to the end, except for blank lines; -1 if the lexer has rewritten it. */
function startOfLast(last: { readonly raw: string }, tail: string): number {
  return tail.lastIndexOf(last.raw.trimEnd());
}
