/** Characters that make a token, by class, on average over several tokenizers. */
const CHARACTERS_PER_TOKEN = {
  letters: 4,
  spaces: 8,
  digitsAndSigns: 2,
  otherAlphabets: 2.2,
  ideographs: 1,
};

/** How many tokens a text is likely to be: a guess, to be shown as one. Linear, whatever the text. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let index = 0; index < text.length; index++) {
    tokens += 1 / CHARACTERS_PER_TOKEN[classOf(text.charCodeAt(index))];
  }
  return Math.ceil(tokens);
}

function classOf(code: number): keyof typeof CHARACTERS_PER_TOKEN {
  if (code < 0x80) {
    if (code === 0x20 || code === 0x0a) return 'spaces';
    const lower = code | 0x20;
    return lower >= 0x61 && lower <= 0x7a ? 'letters' : 'digitsAndSigns';
  }
  // Chinese, Japanese, Korean, and the halves of rarer characters and emoji.
  return code >= 0x2e80 && code < 0xfb00 ? 'ideographs' : 'otherAlphabets';
}
