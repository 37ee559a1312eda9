import { foldCase, textOf, type Part } from '@synapse/core';
import { toStoredText } from './stored-text.ts';

/** What full-text search indexes of a message. */
export function searchTextOf(parts: readonly Part[]): string {
  return toStoredText(foldCase(textOf(parts)));
}
