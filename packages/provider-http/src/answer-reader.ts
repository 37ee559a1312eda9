import type { StreamEvent } from '@synapse/core';
import type { EventData } from './parse-event-data.ts';

/** How one dialect understands one answer; fed event by event, it needs no network. */
export interface AnswerReader {
  /** What an event means, in order; after a `turn-end` nothing more is asked. */
  read(event: EventData, name: string | null): StreamEvent[];
  /**
   * Adds to an event what the next one says, and is true, where both do nothing but go on with the
   * same text. Nearly all do, and to understand a long one costs no more than a short one.
   */
  join(event: EventData, next: EventData): boolean;
  /**
   * Called when the body has ended in good order. The `turn-end`, where the answer is complete
   * without the event that ends it in this dialect; otherwise nothing.
   */
  end(): StreamEvent[];
  /**
   * True when nothing of the answer can be missing but the event that ends it. However the stream
   * stops then, the answer is complete, and it is not waited for as long as for an answer. An event
   * that goes on with the answer makes it false again.
   */
  readonly isComplete: boolean;
}
