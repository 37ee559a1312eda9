import {
  firstLine,
  readEnd,
  readLine,
  startOfDocument,
  toPreview,
  type Piece,
} from '@synapse/markdown';
import { addPieces, type Block } from './blocks.ts';

/** Blocks that don't change any more, and those of the rest, which may. */
export interface ReadBlocks {
  readonly final: readonly Block[];
  readonly open: readonly Block[];
}

/** A Markdown text that grows at its end. Only its open last block is read again. */
export interface GrowingText {
  push(delta: string): void;
  /** The blocks so far. After `end` they depend on the whole text alone, however it came. */
  read(): ReadBlocks;
  end(): void;
}

export function createGrowingText(): GrowingText {
  let state = startOfDocument;
  let unread = '';
  let blocks: readonly Block[] = [];
  let isEnded = false;
  let isPlain = false;

  /** Null if it is nested too deeply for the lexer: from here on, the text is shown as it is. */
  const tryTo = <Result>(read: () => Result): Result | null => {
    if (isPlain) return null;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      isPlain = true;
      unread = state.tail + unread;
      state = startOfDocument;
      return null;
    }
  };

  const takeLines = () => {
    for (;;) {
      const line = firstLine(unread);
      const read = line === undefined ? null : tryTo(() => readLine(state, line));
      if (line === undefined || read === null) return;
      state = read.state;
      unread = unread.slice(line.length);
      blocks = addPieces(blocks, read.pieces);
    }
  };

  return {
    push(delta) {
      unread += delta;
      takeLines();
    },

    read() {
      if (isEnded) return { final: blocks, open: [] };
      const rest = tryTo(() => toPreview(state, unread, Infinity)) ?? [toPlainPiece(unread)];
      const all = addPieces(blocks, rest);
      // The rest may continue the last block.
      const isContinued = all[blocks.length - 1] !== blocks.at(-1);
      const count = isContinued ? blocks.length - 1 : blocks.length;
      return { final: all.slice(0, count), open: all.slice(count) };
    },

    end() {
      if (isEnded) return;
      const rest = tryTo(() => readEnd({ ...state, tail: state.tail + unread }));
      blocks = addPieces(blocks, rest ?? [toPlainPiece(unread)]);
      isEnded = true;
    },
  };
}

/** Source in place of blocks, like the HTML in it. */
function toPlainPiece(text: string): Piece {
  return { type: 'block', token: { type: 'html', raw: text, text, block: true, pre: false } };
}
