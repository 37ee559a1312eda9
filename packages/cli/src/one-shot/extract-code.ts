import { marked } from 'marked';

/** The content of the first fenced code block of a Markdown text, at any place; undefined if there is none. */
export function extractCode(markdown: string): string | undefined {
  let code: string | undefined;
  void marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type !== 'code' || token.codeBlockStyle === 'indented') return;
    code ??= String(token.text);
  });
  return code;
}
