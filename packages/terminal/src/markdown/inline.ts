import { decodeEntities, type InlineToken } from '@synapse/markdown';
import type { Token, Tokens } from 'marked';
import { toSafeText } from '../text/safe-text.ts';
import type { Style } from '../text/style.ts';

/**
 * The text of a paragraph, heading or cell, painted. Without colour the marks stay, as they are all
 * that is left of the meaning.
 */
export function toInlineText(tokens: readonly Token[], style: Style): string {
  return tokens
    .map((token) => toText(token as InlineToken, style))
    .join('')
    .replaceAll('\t', ' ');
}

function toText(token: InlineToken, style: Style): string {
  const mark = (paint: (text: string) => string, sign: string, text: string) =>
    style.hasColor ? paint(text) : sign + text + sign;

  switch (token.type) {
    case 'text':
      return token.tokens === undefined || token.tokens.length === 0
        ? toDecoded(token.text).replaceAll('\n', ' ')
        : toInlineText(token.tokens, style);
    case 'strong':
      return mark(style.bold, '**', toInlineText(token.tokens, style));
    case 'em':
      return mark(style.italic, '*', toInlineText(token.tokens, style));
    case 'del':
      return mark(style.strike, '~~', toInlineText(token.tokens, style));
    case 'codespan':
      return mark(style.cyan, '`', token.text);
    case 'br':
      return '\n';
    case 'link':
      return toLinkText(token, style);
    case 'image':
      return `${style.dim('image:')} ${token.text} ${style.dim(`(${token.href})`)}`;
    case 'checkbox':
      // The item that holds it shows it.
      return '';
    case 'html':
      return /^<br\s*\/?>$/i.test(token.text) ? '\n' : token.text;
    default:
      return token.text;
  }
}

function toLinkText(token: Tokens.Link, style: Style): string {
  const text = toInlineText(token.tokens, style);
  const isItsOwnTarget = token.href === token.text || token.href === `mailto:${token.text}`;
  if (isItsOwnTarget || token.href === '') return style.underline(text);
  return `${style.underline(text)} ${style.dim(`(${token.href})`)}`;
}

/** The character of an entity has not been through the filter yet: `&#27;` is an escape character. */
function toDecoded(text: string): string {
  const decoded = decodeEntities(text);
  return decoded === text ? text : toSafeText(decoded);
}
