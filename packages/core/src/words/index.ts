/** Wording that every interface shares: numbers, amounts, and words quoted for a shell. */
export { countOf, toByteSize, toDollars, toDuration, toShortNumber } from './numbers.ts';
export { quoteWord } from './quote-word.ts';
