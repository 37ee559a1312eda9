import type { InlineToken } from '@synapse/markdown';
import type { Token, Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { toLinkTarget } from './link-target.ts';
import { toVisible, toVisibleProse } from './visible-text.tsx';

/** Deeper marks are shown as they are written: nobody reads them, and nodes have no end of depth. */
const deepest = 32;

/** The nodes of a paragraph, heading or cell. Nothing becomes markup but what Markdown has marks for. */
export function toInlineNodes(tokens: readonly Token[], depth = 0): ComponentChildren {
  if (depth > deepest) return toVisible(tokens.map(({ raw }) => raw).join(''));
  return tokens.map((token) => toInlineNode(token as InlineToken, depth + 1));
}

function toInlineNode(token: InlineToken, depth: number): ComponentChildren {
  switch (token.type) {
    case 'text':
      return token.tokens?.length ? toInlineNodes(token.tokens, depth) : toVisibleProse(token.text);
    case 'strong':
      return <strong>{toInlineNodes(token.tokens, depth)}</strong>;
    case 'em':
      return <em>{toInlineNodes(token.tokens, depth)}</em>;
    case 'del':
      return <del>{toInlineNodes(token.tokens, depth)}</del>;
    case 'codespan':
      return <code>{toVisible(token.text)}</code>;
    case 'br':
      return <br />;
    case 'link':
      return <Link token={token} depth={depth} />;
    case 'image':
      return <Image token={token} />;
    case 'checkbox':
      return <input type="checkbox" disabled checked={token.checked} />;
    case 'html':
      return /^<br\s*\/?>$/i.test(token.text) ? <br /> : toVisible(token.text);
    default:
      return toVisible(token.text);
  }
}

function Link({ token, depth }: { token: Tokens.Link; depth: number }) {
  const { href, text, tokens } = token;
  const target = toLinkTarget(href, text);
  if (!target) {
    return (
      <span class="dead-link">
        {toInlineNodes(tokens, depth)} ({toVisible(href)})
      </span>
    );
  }
  return (
    <>
      <a href={target.href} title={target.href} target="_blank" rel="noopener noreferrer nofollow">
        <bdi>{toInlineNodes(tokens, depth)}</bdi>
      </a>
      {target.shownHost !== null && <span class="link-host"> ({target.shownHost})</span>}
    </>
  );
}

/** The page loads no image of a stranger, which would tell who reads: a link opens it. */
function Image({ token: { href, text } }: { token: Tokens.Image }) {
  const name = text === '' ? 'image' : text;
  if (/^data:image\/(?:png|jpeg|gif|webp|avif);base64,/i.test(href)) {
    return <img src={href} alt={text} />;
  }
  const target = toLinkTarget(href, '');
  if (!target) {
    return (
      <span class="dead-link">
        {toVisible(name)} ({toVisible(href)})
      </span>
    );
  }
  return (
    <a class="remote-image" href={target.href} target="_blank" rel="noopener noreferrer nofollow">
      Open image: <bdi>{toVisible(name)}</bdi> ({new URL(target.href).host})
    </a>
  );
}
