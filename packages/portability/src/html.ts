/**
 * The export as a page of HTML, apart from the other formats, because it loads a parser of Markdown.
 * @module
 */

export { createHtmlFormat } from './html-format.ts';
export { markdownToHtml } from './markdown-to-html.ts';
