import type { Part } from './part.ts';

/** The most characters of one message. More is no question and no answer but a mistake or an attack. */
export const MAX_MESSAGE_LENGTH = 16 * 1024 * 1024;

/** What counts against the limit: all text of the message, but not bytes that are stored elsewhere. */
export function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return sum + part.text.length;
      case 'tool-result':
        return sum + part.output.length;
      default:
        return sum;
    }
  }, 0);
}
