import type { Piece } from '@synapse/markdown';
import { wrapText } from '../text/wrap.ts';
import type { BlockOptions } from './block-options.ts';
import { toBlockLines, toCodeLine, toItemLines } from './block.ts';
import { startOfCode, type CodeState } from './highlighter.ts';
import { toInlineText } from './inline.ts';

/** The state of the earlier pieces that the next one needs. */
interface WriterState {
  readonly hasOutput: boolean;
  /** The last line of a paragraph that continues. */
  readonly openLine?: string;
  readonly code?: { readonly info: string; readonly state: CodeState; readonly isFirst: boolean };
}

interface WriteResult {
  readonly lines: readonly string[];
  readonly state: WriterState;
}

export const startOfOutput: WriterState = { hasOutput: false };

/** Lays pieces out as lines. */
export function writePieces(
  start: WriterState,
  pieces: readonly Piece[],
  options: BlockOptions,
): WriteResult {
  const lines: string[] = [];
  let state = start;
  for (const piece of pieces) {
    const written = writePiece(state, piece, options);
    for (const line of written.lines) lines.push(line);
    state = written.state;
  }
  return { lines, state };
}

function writePiece(state: WriterState, piece: Piece, options: BlockOptions): WriteResult {
  const apart = (lines: readonly string[], hasGap = true): WriteResult => {
    if (lines.length === 0) return { lines, state };
    return {
      lines: state.hasOutput && hasGap ? ['', ...lines] : lines,
      state: { hasOutput: true },
    };
  };

  switch (piece.type) {
    case 'block':
      return apart(toBlockLines(piece.token, options));
    case 'item':
      return apart(toItemLines(piece.item, piece.marker, options), piece.hasGapBefore);
    case 'fence-start':
      return {
        lines: [],
        state: { ...state, code: { info: piece.info, state: startOfCode, isFirst: true } },
      };
    case 'code-line': {
      const {
        info,
        state: codeState,
        isFirst,
      } = state.code ?? { info: '', state: startOfCode, isFirst: false };
      const next = options.highlighter.highlightLine(info, codeState, piece.line);
      const { lines } = apart([toCodeLine(next.text)], isFirst);
      return {
        lines,
        state: { hasOutput: true, code: { info, state: next.state, isFirst: false } },
      };
    }
    case 'paragraph-part': {
      const text = toInlineText(piece.tokens, options.style);
      const before = state.openLine ?? '';
      const whole = before + (before === '' || text === '' ? '' : piece.separator) + text;
      const wrapped = whole === '' ? [] : wrapText(whole, options.columns);
      const openLine = piece.isLast ? undefined : (wrapped.pop() ?? '');
      const isFirst = state.openLine === undefined;
      const lines = isFirst && state.hasOutput ? ['', ...wrapped] : wrapped;
      return {
        lines,
        state: openLine === undefined ? { hasOutput: true } : { hasOutput: true, openLine },
      };
    }
  }
}
