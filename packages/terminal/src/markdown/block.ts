import { endsWithGap, markerOf, type BlockToken } from '@synapse/markdown';
import type { Token, Tokens } from 'marked';
import type { Style } from '../text/style.ts';
import { expandTabs, widthOf } from '../text/width.ts';
import { wrapText } from '../text/wrap.ts';
import type { BlockOptions } from './block-options.ts';
import { startOfCode } from './highlighter.ts';
import { toInlineText } from './inline.ts';
import { toTableLines } from './table-block.ts';

/** Deeper nesting than this leaves no room: it is shown without its indentation. */
const fewestColumns = 12;
const widestRule = 40;

/** The lines of one block. Only lines of code may be wider than the terminal: it folds them itself. */
export function toBlockLines(block: Token, options: BlockOptions): string[] {
  const { columns, style } = options;
  const token = block as BlockToken;
  switch (token.type) {
    case 'heading':
      return wrapText(toHeadingText(token, style), columns);
    case 'paragraph':
      return wrapText(toInlineText(token.tokens, style), columns);
    case 'text':
      return wrapText(toInlineText(token.tokens ?? [token], style), columns);
    case 'code':
      return toCodeLines(token, options);
    case 'list':
      return token.items.flatMap((item, index) => {
        const hasGap = index < token.items.length - 1 && endsWithGap(item);
        const lines = toItemLines(item, markerOf(token, index), options);
        return hasGap ? [...lines, ''] : lines;
      });
    case 'blockquote':
      return indented(style.dim('│ '), style.dim('│ '), options, (inner) =>
        toBlocksLines(token.tokens, inner),
      );
    case 'table':
      return toTableLines(token, options);
    case 'hr':
      return [style.dim('─'.repeat(Math.min(columns, widestRule)))];
    case 'html':
      return wrapText(expandTabs(token.text.replaceAll(/^\n+|\s+$/g, '')), columns);
    case 'checkbox':
    case 'space':
    case 'def':
      return [];
  }
}

/** Blocks with a blank line between them. */
export function toBlocksLines(tokens: readonly Token[], options: BlockOptions): string[] {
  const blocks = tokens
    .map((token) => toBlockLines(token, options))
    .filter((lines) => lines.length);
  return blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

export function toItemLines(
  item: Tokens.ListItem,
  marker: string,
  options: BlockOptions,
): string[] {
  const box = item.task ? (item.checked ? '[x] ' : '[ ] ') : '';
  const first = options.style.dim(marker) + box;
  return indented(first, ' '.repeat(marker.length), options, (inner) => {
    const lines: string[] = [];
    for (const token of item.tokens) {
      if (token.type === 'space' && lines.length > 0) lines.push('');
      lines.push(...toBlockLines(token, inner));
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  });
}

function indented(
  first: string,
  rest: string,
  options: BlockOptions,
  layOut: (inner: BlockOptions) => string[],
): string[] {
  const columns = options.columns - widthOf(first);
  if (columns < fewestColumns) return layOut(options);
  const lines = layOut({ ...options, columns });
  if (lines.length === 0) return [first.trimEnd()];
  return lines.map((line, index) => (index === 0 ? first + line : (rest + line).trimEnd()));
}

function toHeadingText(token: Tokens.Heading, style: Style): string {
  const text = toInlineText(token.tokens, style);
  if (!style.hasColor) return `${'#'.repeat(token.depth)} ${text}`;
  return token.depth === 1 ? style.bold(style.underline(text)) : style.bold(text);
}

function toCodeLines(token: Tokens.Code, { highlighter }: BlockOptions): string[] {
  const info = token.lang ?? '';
  if (token.text === '') return [];
  let state = startOfCode;
  return token.text.split('\n').map((line) => {
    const next = highlighter.highlightLine(info, state, line);
    state = next.state;
    return toCodeLine(next.text);
  });
}

/** Indented by two columns, which sets code apart from prose, with or without colour. */
export function toCodeLine(text: string): string {
  return text === '' ? '' : `  ${expandTabs(text)}`;
}
