import type { Part } from './part.ts';

/** The most characters of one message. A longer one is a mistake or an attack. */
export const MAX_MESSAGE_LENGTH = 16 * 1024 * 1024;

/**
 * The length that the limit applies to: all text of the message, but not bytes that are stored
 * elsewhere.
 */
export function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return sum + part.text.length;
      case 'tool-result':
        return sum + part.output.length;
      case 'raw':
        return sum + JSON.stringify(part.data).length;
      default:
        return sum;
    }
  }, 0);
}
