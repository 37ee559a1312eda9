import type { Token } from 'marked';

/** Marks that are opened shortly before the cut must have had room to be closed. */
const reserve = 256;

interface ParagraphCut {
  readonly end: number;
  /** The separator of the parts: a space, or nothing in scripts that have none. */
  readonly separator: string;
}

/** The place to cut off the beginning of a long paragraph: between words, outside of all marks. */
export function splitParagraph(tokens: readonly Token[], length: number): ParagraphCut | undefined {
  let offset = 0;
  let cut: ParagraphCut | undefined;
  for (const token of tokens) {
    if (token.type === 'text') {
      for (const { 0: space, index } of token.raw.matchAll(
        /(?<=[^\s\\])[ \n](?=\S)|(?<=[。！？])(?=\S)/g,
      )) {
        if (offset + index > length - reserve) return cut;
        cut = { end: offset + index, separator: space === '' ? '' : ' ' };
      }
    }
    offset += token.raw.length;
  }
  return cut;
}
