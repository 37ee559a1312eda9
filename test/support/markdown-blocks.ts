export interface MarkdownBlock {
  language: string;
  text: string;
}

/** The fenced blocks of a page, in their order. */
export function markdownBlocks(page: string): MarkdownBlock[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => {
    return { language, text };
  });
}
