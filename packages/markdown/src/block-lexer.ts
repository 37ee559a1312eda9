import { Lexer, type Token } from 'marked';

/** Link targets by name, as far as they are known. */
export type Links = Lexer['tokens']['links'];

export const noLinks = Object.create(null) as Links;

interface LexedBlocks {
  readonly tokens: readonly Token[];
  readonly links: Links;
}

/** The blocks of a source without the blank lines between them; it knows the links of earlier blocks. */
export function lexBlocks(source: string, known: Links): LexedBlocks {
  const lexer = createLexer(known);
  const tokens = lexer.lex(source).filter((token) => token.type !== 'space');
  const isNew = Object.keys(lexer.tokens.links).length > 0;
  return {
    tokens,
    links: isNew ? (Object.assign(Object.create(null), known, lexer.tokens.links) as Links) : known,
  };
}

export function lexInline(source: string, known: Links): Token[] {
  return createLexer(known).inlineTokens(source);
}

function createLexer(known: Links): Lexer {
  const lexer = new Lexer();
  lexer.tokens.links = Object.create(known) as Links;
  return lexer;
}
