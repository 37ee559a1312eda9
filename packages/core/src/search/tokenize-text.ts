import { foldText } from './fold-text.ts';

/** One token, and where in the text it stands. */
export interface Token {
  text: string;
  start: number;
  end: number;
  /** For a token of two characters of a script without spaces: where the first of them ends. */
  firstEnd?: number;
  /** Whether it is the last character of a run, which the pair before it holds already. */
  isRunEnd?: boolean;
}

// Long enough for every word, short enough that a base64 text is no burden for an index.
const MAX_TOKEN_LENGTH = 64;

// Scripts that put no space between words, and Hangul, which glues endings to them.
const DENSE = String.raw`\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}`;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Default_Ignorable_Code_Point}]*/gu;
const HAS_DENSE = new RegExp(`[${DENSE}]`, 'u');
const RUN = new RegExp(`[${DENSE}]+|[^${DENSE}]+`, 'gu');
// A character with what is written onto it; the letters of a decomposed Hangul syllable.
const CLUSTER =
  /[\u1100-\u115f\ua960-\ua97f][\u1160-\u11ff\ud7b0-\ud7ff]*\p{M}*|[^][\p{M}\uff9e\uff9f]*/gu;
const FOLDED_WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/**
 * Takes a text apart into what can be looked for: words of folded letters and digits; where a script
 * has no spaces, every two neighbours, and the last character of the run once more by itself. So
 * every part of such a run is a phrase of its pairs, and every single character begins a token.
 */
export function* tokenizeText(text: string): Generator<Token> {
  for (const word of text.matchAll(WORD)) {
    if (!HAS_DENSE.test(word[0])) {
      yield* spacedTokens(word[0], word.index);
      continue;
    }
    for (const run of word[0].matchAll(RUN)) {
      const start = word.index + run.index;
      yield* HAS_DENSE.test(run[0]) ? denseTokens(run[0], start) : spacedTokens(run[0], start);
    }
  }
}

function* spacedTokens(word: string, start: number): Generator<Token> {
  const end = start + word.length;
  for (const [folded] of foldText(word).matchAll(FOLDED_WORD)) {
    yield { text: cutToken(folded), start, end };
  }
}

function* denseTokens(run: string, runStart: number): Generator<Token> {
  const characters: Token[] = [];
  for (const cluster of run.matchAll(CLUSTER)) {
    const start = runStart + cluster.index;
    for (const text of foldText(cluster[0])) {
      if (/[\p{L}\p{N}\p{M}]/u.test(text)) {
        characters.push({ text, start, end: start + cluster[0].length });
      }
    }
  }
  for (const [index, first] of characters.entries()) {
    const second = characters[index + 1];
    yield second
      ? { text: first.text + second.text, start: first.start, end: second.end, firstEnd: first.end }
      : { ...first, isRunEnd: true };
  }
}

function cutToken(text: string): string {
  return text.length <= MAX_TOKEN_LENGTH
    ? text
    : text.slice(0, MAX_TOKEN_LENGTH).replace(/[\ud800-\udbff]$/, '');
}
