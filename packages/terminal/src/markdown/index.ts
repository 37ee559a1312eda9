export { createMarkdownStream } from './markdown-stream.ts';
export { renderMarkdown } from './render-markdown.ts';
