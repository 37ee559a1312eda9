import type { Token, Tokens } from 'marked';

/** The final pieces of a document, in order: blocks, or parts of blocks that need not wait for their end. */
export type Piece =
  | { readonly type: 'block'; readonly token: Token }
  | {
      readonly type: 'item';
      readonly item: Tokens.ListItem;
      readonly marker: string;
      readonly hasGapBefore: boolean;
      /** Whether a list begins here. */
      readonly isFirst: boolean;
    }
  | {
      readonly type: 'paragraph-part';
      readonly tokens: readonly Token[];
      /** Between this part and the one before. */
      readonly separator: string;
      readonly isLast: boolean;
    }
  | { readonly type: 'fence-start'; readonly info: string }
  | { readonly type: 'code-line'; readonly line: string };
