/** Words that every face writes alike: numbers, amounts, and what a shell has to take for one word. */
export { countOf, toByteSize, toDollars, toDuration, toShortNumber } from './numbers.ts';
export { quoteWord } from './quote-word.ts';
