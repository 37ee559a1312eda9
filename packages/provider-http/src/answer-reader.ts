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
   * Called when nothing more comes. The `turn-end`, where the answer is complete all the same;
   * otherwise nothing.
   */
  end(): StreamEvent[];
  /** True when the answer is complete but for what may still be said about it. */
  readonly isComplete: boolean;
}
