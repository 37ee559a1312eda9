import { InvalidDataError } from '../errors/run-errors.ts';
import type { Message } from './message.ts';

/** Throws if a message of an added session does not follow the one before it. */
export function checkOrder(sessionId: string, lastSeq: number, messages: readonly Message[]): void {
  let previous = lastSeq;
  for (const { id, seq } of messages) {
    if (!Number.isSafeInteger(seq) || seq <= previous) {
      throw new InvalidDataError(
        `Message ${id} of session ${sessionId} has the number ${seq}, which does not come after ${previous}.`,
      );
    }
    previous = seq;
  }
}
