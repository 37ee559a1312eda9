import type { Piece } from '@synapse/markdown';
import type { Token, Tokens } from 'marked';

/** The pieces of a text, put together as the page shows them. A block that changes is a new object. */
export type Block =
  | { readonly type: 'token'; readonly token: Token }
  | {
      readonly type: 'list';
      readonly isOrdered: boolean;
      readonly start: number;
      readonly items: readonly Tokens.ListItem[];
    }
  | { readonly type: 'paragraph'; readonly parts: readonly Part[]; readonly isOpen: boolean }
  | { readonly type: 'code'; readonly info: string; readonly slices: readonly string[] };

interface Part {
  readonly tokens: readonly Token[];
  readonly separator: string;
}

type CodeBlock = Extract<Block, { type: 'code' }>;

/** A slice of code with so many characters is never written again. */
const sliceLength = 4096;

/** The blocks with these pieces after them. Unchanged blocks stay the same objects. */
export function addPieces(before: readonly Block[], pieces: readonly Piece[]): readonly Block[] {
  if (pieces.length === 0) return before;
  const blocks = [...before];
  for (const piece of pieces) {
    const last = blocks.at(-1);
    const grown = last && grow(last, piece);
    if (grown) blocks[blocks.length - 1] = grown;
    else blocks.push(begin(piece));
  }
  return blocks;
}

function grow(block: Block, piece: Piece): Block | undefined {
  if (block.type === 'code' && piece.type === 'code-line') return addLine(block, piece.line);
  if (block.type === 'paragraph' && block.isOpen && piece.type === 'paragraph-part') {
    return { ...block, parts: [...block.parts, piece], isOpen: !piece.isLast };
  }
  if (block.type !== 'list' || piece.type !== 'item' || piece.isFirst) return undefined;
  return { ...block, items: [...block.items, piece.item] };
}

function begin(piece: Piece): Block {
  switch (piece.type) {
    case 'block':
      return { type: 'token', token: piece.token };
    case 'fence-start':
      return { type: 'code', info: piece.info, slices: [] };
    case 'code-line':
      return { type: 'code', info: '', slices: [piece.line] };
    case 'paragraph-part':
      return { type: 'paragraph', parts: [piece], isOpen: !piece.isLast };
    case 'item': {
      const isOrdered = /^\d/.test(piece.marker);
      const start = isOrdered ? parseInt(piece.marker, 10) : 1;
      return { type: 'list', isOrdered, start, items: [piece.item] };
    }
  }
}

function addLine(block: CodeBlock, line: string): CodeBlock {
  const last = block.slices.at(-1);
  if (last === undefined) return { ...block, slices: [line] };
  if (last.length > sliceLength) return { ...block, slices: [...block.slices, `\n${line}`] };
  return { ...block, slices: [...block.slices.slice(0, -1), `${last}\n${line}`] };
}

export function codeOf({ slices }: CodeBlock): string {
  return slices.join('');
}
