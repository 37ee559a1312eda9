import { TextCost } from './text-cost.ts';

/**
 * How many tokens a text is likely to be: a guess, to be shown as one. It divides the text as the
 * common tokenizers do, and takes averages where these look up words. Linear, whatever the text;
 * never less for a longer text, and never more than for its pieces together.
 */
export function estimateTokens(text: string): number {
  const cost = new TextCost();
  for (let index = 0; index < text.length; index++) cost.add(text.charCodeAt(index));
  return Math.ceil(cost.hundredths / 100);
}
