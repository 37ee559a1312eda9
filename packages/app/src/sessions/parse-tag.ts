import { UsageError } from '@synapse/core';

const MAX_LENGTH = 64;

/** Returns the tag in its stored form; throws with the reason if it is invalid. */
export function parseTag(text: string): string {
  const tag = text.normalize('NFC').trim();
  if (tag !== '' && tag.length <= MAX_LENGTH && tag.isWellFormed() && !/[\s\p{C},"]/u.test(tag)) {
    return tag;
  }
  throw new UsageError(`${JSON.stringify(text.slice(0, 80))} can't be a tag.`, {
    hint: `A tag is one word of at most ${MAX_LENGTH} characters, without commas and quotes.`,
  });
}
