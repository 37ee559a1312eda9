import type { Token } from 'marked';

/** Marks that are opened shortly before the cut must have had room to be closed. */
const reserve = 256;

/** Where the beginning of a long paragraph can be cut off: between words, outside of all marks. */
export function splitParagraph(tokens: readonly Token[], length: number): number {
  let offset = 0;
  let cut = 0;
  for (const token of tokens) {
    if (token.type === 'text') {
      for (const space of token.raw.matchAll(/(?<=[^\s\\])[ \n](?=\S)/g)) {
        if (offset + space.index > length - reserve) return cut;
        cut = offset + space.index;
      }
    }
    offset += token.raw.length;
  }
  return cut;
}
