import { endsWithGap, type BlockToken } from '@synapse/markdown';
import type { Token, Tokens } from 'marked';
import type { ComponentChildren, VNode } from 'preact';
import { codeOf, type Block } from './blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { toInlineNodes } from './inlines.tsx';
import { toVisible } from './visible-text.tsx';

/** Deeper quotes and lists are shown as they are written. */
const deepest = 32;

const nodes = new WeakMap<Block, VNode>();

/** The node of a block that does not change any more: always the same one, so that nobody compares it again. */
export function toFinalNode(block: Block): VNode {
  const known = nodes.get(block);
  if (known) return known;
  const node = <BlockNode block={block} isFinal />;
  nodes.set(block, node);
  return node;
}

export function BlockNode({ block, isFinal = false }: { block: Block; isFinal?: boolean }) {
  switch (block.type) {
    case 'token':
      return <>{toNode(block.token, 0)}</>;
    case 'code':
      return isFinal ? (
        <CodeBlock info={block.info} code={codeOf(block)} />
      ) : (
        <CodeBlock info={block.info} slices={block.slices} />
      );
    case 'paragraph':
      return (
        <p dir="auto">
          {block.parts.map(({ tokens, separator }, index) => [
            index > 0 && separator,
            toInlineNodes(tokens),
          ])}
        </p>
      );
    case 'list':
      return <List {...block} depth={0} />;
  }
}

function toNode(token: Token, depth: number): ComponentChildren {
  if (depth > deepest) return <Source text={token.raw} />;
  const block = token as BlockToken;
  switch (block.type) {
    case 'heading':
      return <Heading token={block} />;
    case 'paragraph':
      return <p dir="auto">{toInlineNodes(block.tokens)}</p>;
    case 'text':
      return <p dir="auto">{toInlineNodes(block.tokens ?? [block])}</p>;
    case 'code':
      return <CodeBlock info={block.lang ?? ''} code={block.text} />;
    case 'list': {
      const start = block.start === '' ? 1 : block.start;
      return <List isOrdered={block.ordered} start={start} items={block.items} depth={depth} />;
    }
    case 'blockquote':
      return (
        <blockquote dir="auto">{block.tokens.map((token) => toNode(token, depth + 1))}</blockquote>
      );
    case 'table':
      return <Table token={block} />;
    case 'hr':
      return <hr />;
    case 'html':
      return <Source text={block.text} />;
    case 'space':
    case 'def':
    case 'checkbox':
      return null;
  }
}

function Source({ text }: { text: string }) {
  return (
    <p class="source" dir="auto">
      {toVisible(text.trimEnd())}
    </p>
  );
}

/** The page has its own headings above those of an answer. */
function Heading({ token: { depth, tokens } }: { token: Tokens.Heading }) {
  const Tag = `h${Math.min(depth + 2, 6)}` as 'h3';
  return (
    <Tag class={`heading-${depth}`} dir="auto">
      {toInlineNodes(tokens)}
    </Tag>
  );
}

interface ListProps {
  isOrdered: boolean;
  start: number;
  items: readonly Tokens.ListItem[];
  depth: number;
}

function List({ isOrdered, start, items, depth }: ListProps) {
  const content = items.map((item) => <Item item={item} depth={depth + 1} />);
  return isOrdered ? <ol start={start}>{content}</ol> : <ul>{content}</ul>;
}

function Item({ item, depth }: { item: Tokens.ListItem; depth: number }) {
  const classes = [item.task && 'task', endsWithGap(item) && 'has-gap'].filter(Boolean);
  return (
    <li class={classes.join(' ') || undefined} dir="auto">
      {item.tokens.map((token) =>
        token.type === 'checkbox' ? toInlineNodes([token]) : toNode(token, depth),
      )}
    </li>
  );
}

/** Scrolls by itself, so that a wide table doesn't widen the page; keys reach it, too. */
function Table({ token: { header, rows, align } }: { token: Tokens.Table }) {
  const alignOf = (column: number) => align[column] ?? undefined;
  return (
    <div class="table" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }, column) => (
              <th scope="col" align={alignOf(column)} dir="auto">
                {toInlineNodes(tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map(({ tokens }, column) => (
                <td align={alignOf(column)} dir="auto">
                  {toInlineNodes(tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
