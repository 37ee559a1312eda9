import type { Clock, Logger } from '@synapse/core';
import {
  RunEndedError,
  type PlacedRunEvent,
  type RunEvent,
  type RunOutcome,
  type RunStore,
} from '@synapse/core/server';
import { Waker } from '@synapse/core/store-kit';
import { joinEvent } from './run-events.ts';

/** Between two writes: at most 7 rows of text a second, and a reader sees the words flow. */
const BATCH_MS = 150;
const RETRY_MS = 1000;
const MOST_RECENT = 256;
const LAST_ATTEMPTS = 3;

export interface RunLogOptions {
  runs: RunStore;
  runId: string;
  clock: Clock;
  logger: Logger;
  /** Called if the run was ended elsewhere, because its process seemed to be dead. */
  onLost: () => void;
  onStoreError?: ((error: unknown) => void) | undefined;
}

/**
 * The events of a run of this process, whose only writer this is. They are stored in batches, and
 * readers see an event only when it is stored, so that no reader knows more than the store does. The
 * newest events are also kept in memory; older ones are read from the store.
 */
export class RunLog {
  readonly #options: RunLogOptions;
  readonly #readers = new Waker(null);
  readonly #ending = new AbortController();
  #recent: PlacedRunEvent[] = [];
  #pending: RunEvent[] = [];
  #position = 0;
  #lastWriteMs = -Infinity;
  #writing: Promise<void> | null = null;
  #hasEnded = false;

  constructor(options: RunLogOptions) {
    this.#options = options;
  }

  /** The position of the last stored event. */
  get position(): number {
    return this.#position;
  }

  /** No more events will follow. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Yields at once, and whenever there are new events, until the signal aborts. */
  news(signal: AbortSignal): AsyncGenerator<void> {
    return this.#readers.listen(signal);
  }

  /** The events after a position; null if memory no longer has all of them. */
  recentAfter(after: number): readonly PlacedRunEvent[] | null {
    if (after >= this.#position) return [];
    const first = this.#recent[0]?.position ?? Infinity;
    return after + 1 < first ? null : this.#recent.slice(after + 1 - first);
  }

  add(event: RunEvent): void {
    joinEvent(this.#pending, event);
    this.#writing ??= this.#write();
  }

  /** Stores the last event and the outcome. Never rejects: what can't be stored, others will end. */
  async end(event: RunEvent, outcome: RunOutcome): Promise<void> {
    const { runs, runId, clock, logger, onStoreError } = this.#options;
    this.add(event);
    this.#ending.abort();
    await this.#writing;
    try {
      await runs.end(runId, outcome, clock.now());
    } catch (error) {
      onStoreError?.(error);
      logger.error({ error, runId }, 'the end of a run could not be stored');
    }
    this.#hasEnded = true;
    this.#readers.wake();
  }

  async #write(): Promise<void> {
    const { clock } = this.#options;
    // Events that come together are written together.
    await Promise.resolve();
    for (let failures = 0; this.#pending.length > 0;) {
      const pauseMs = failures > 0 ? RETRY_MS : BATCH_MS;
      const waitMs = this.#lastWriteMs + pauseMs - clock.monotonicMs();
      const isLast = this.#ending.signal.aborted;
      if (waitMs > 0 && !isLast) {
        await clock.sleep(waitMs, this.#ending.signal).catch(() => undefined);
      }
      failures = (await this.#store()) ? 0 : failures + 1;
      if (this.#ending.signal.aborted && failures >= LAST_ATTEMPTS) break;
    }
    // At once, so that no event comes in between and is left unwritten.
    this.#writing = null;
  }

  /** False if the events could not be stored; then they are still pending. */
  async #store(): Promise<boolean> {
    const { runs, runId, clock, logger, onLost, onStoreError } = this.#options;
    const events = this.#pending;
    this.#pending = [];
    this.#lastWriteMs = clock.monotonicMs();
    try {
      this.#place(events, await runs.append(runId, events));
      return true;
    } catch (error) {
      if (error instanceof RunEndedError) {
        onLost();
        return true;
      }
      onStoreError?.(error);
      logger.warn({ error, runId }, 'events of a run could not be stored');
      // The connection may have broken after the commit.
      const run = await runs.get(runId).catch(() => undefined);
      if (run?.position === this.#position + events.length) {
        this.#place(events, run.position);
        return true;
      }
      const later = this.#pending;
      this.#pending = events;
      for (const event of later) joinEvent(this.#pending, event);
      return false;
    }
  }

  #place(events: readonly RunEvent[], last: number): void {
    const first = last - events.length + 1;
    this.#recent.push(...events.map((event, index) => ({ ...event, position: first + index })));
    this.#recent = this.#recent.slice(-MOST_RECENT);
    this.#position = last;
    this.#readers.wake();
  }
}
