import { TextCost } from './text-cost.ts';

// Each turn counts a conversation again, and nearly all of it was counted before.
const REMEMBERED_FROM = 256;
const REMEMBERED_CHARACTERS = 4_000_000;
const remembered = new Map<string, number>();
let rememberedLength = 0;

/**
 * An estimate of a text's tokens, to be shown as one. It divides the text as common tokenizers do,
 * and uses averages instead of their dictionaries. Linear for any text; never less for a longer
 * text, and never more than for its pieces together.
 */
export function estimateTokens(text: string): number {
  if (text.length < REMEMBERED_FROM) return countTokens(text);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const tokens = countTokens(text);
  rememberedLength += text.length;
  if (rememberedLength > REMEMBERED_CHARACTERS) {
    remembered.clear();
    rememberedLength = text.length;
  }
  remembered.set(text, tokens);
  return tokens;
}

function countTokens(text: string): number {
  const cost = new TextCost();
  cost.add(text);
  return Math.ceil(cost.hundredths / 100);
}
