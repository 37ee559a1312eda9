import { Marked, type RendererObject } from 'marked';
import { escapeHtml } from './html-format.ts';

const SAFE_ADDRESS = /^(?:https?:\/\/|mailto:)/i;
const LONGEST_SOURCE = 500_000;

/**
 * Renders Markdown as HTML without foreign markup: embedded HTML is shown as text, links lead to
 * the web or nowhere, and images are named but not loaded.
 */
export function markdownToHtml(source: string): string {
  if (source.length > LONGEST_SOURCE) return toPlain(source);
  try {
    return marked.parse(source.toWellFormed(), { async: false });
  } catch {
    // Nested too deeply for any reader.
    return toPlain(source);
  }
}

/** Every renderer that takes text from a token is replaced here; the remaining ones of marked only add tags. */
const renderer: RendererObject = {
  html: ({ text }) => escapeHtml(text),
  text(token) {
    return token.type === 'text' && token.tokens
      ? this.parser.parseInline(token.tokens)
      : escapeHtml(token.text);
  },
  code: ({ text }) => `<pre><code>${escapeHtml(text)}</code></pre>\n`,
  codespan: ({ text }) => `<code>${escapeHtml(text)}</code>`,
  link({ href, tokens }) {
    const content = this.parser.parseInline(tokens);
    if (!SAFE_ADDRESS.test(href)) return `${content} (${escapeHtml(href)})`;
    return `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${content}</a>`;
  },
  image: ({ href, text }) => `[image: ${escapeHtml(text)} ${escapeHtml(href)}]`,
};

const marked = new Marked({ gfm: true, renderer });

function toPlain(source: string): string {
  return `<p class="plain">${escapeHtml(source)}</p>`;
}
