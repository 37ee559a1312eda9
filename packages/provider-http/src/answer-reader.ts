import type { StreamEvent } from '@synapse/core';
import type { EventData } from './parse-event-data.ts';

/** Reads one answer of one dialect, event by event, without a network. */
export interface AnswerReader {
  /** The stream events of a server event, in order; not called after a `turn-end`. */
  read(event: EventData, name: string | null): StreamEvent[];
  /**
   * Merges the next event into this one and returns true if both only continue the same text.
   * Nearly all events do, and reading one long event costs no more than reading a short one.
   */
  join(event: EventData, next: EventData): boolean;
  /**
   * Called when the body has ended normally. Returns the `turn-end` if the answer is complete
   * without the final event of its dialect; otherwise nothing.
   */
  end(): StreamEvent[];
  /**
   * True if only the final event of the answer can be missing. The answer is then complete however
   * the stream stops, and the wait for the event is shorter. An event that continues the answer
   * makes it false again.
   */
  readonly isComplete: boolean;
}
