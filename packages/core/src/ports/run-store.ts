import type { JsonValue } from '../session/json-value.ts';
import type { LeaseHolder } from './session-store.ts';

/**
 * Runs: answers that are made while nobody's connection has to stay open. The id of a run is that of
 * its question message, so that a repeated request finds the run that it began. The events of a run
 * let readers follow it from any position; the messages of the session remain the record. Runs are
 * removed with their session, and are neither exported nor copied to another store. Clearing a
 * session removes the events of its ended runs.
 */
export interface RunStore {
  /**
   * Stores a run that begins now. If a run with this id exists in the session, returns that one,
   * active or not, and changes nothing: the caller compares the `requestHash`. Rejects with
   * SessionBusyError if another run of the session is active, with SessionNotFoundError if the
   * session does not exist or is in the trash, and with SessionConflictError if a run of another
   * session has the id.
   *
   * Call this with the session's lease in hand, and its `holder.instanceId` as `instanceId`: a run
   * whose instance does not hold the lease is an orphan.
   */
  begin(run: NewRun): Promise<BegunRun>;

  /**
   * Adds events at the end, all or none, and returns the position of the last one. The positions of
   * a run count from 1 without a gap. Rejects with RunNotFoundError for an unknown run, and with
   * RunEndedError for one that has ended.
   */
  append(runId: string, events: readonly RunEvent[]): Promise<number>;

  /**
   * The events after a position, in order. Rejects with RunNotFoundError for an unknown run. If the
   * events were pruned, the page is empty although `Run.position` is higher.
   */
  read(runId: string, page: RunEventPage): Promise<PlacedRunEvent[]>;

  /**
   * Ends the run. The first outcome stays; does nothing if the run has ended already. Rejects with
   * RunNotFoundError for an unknown run.
   */
  end(runId: string, outcome: RunOutcome, at: Date): Promise<void>;

  get(runId: string): Promise<Run | undefined>;

  /** The active run of a session; undefined if there is none. */
  active(sessionId: string): Promise<Run | undefined>;

  /** The newest runs of a session, newest first. */
  list(sessionId: string, limit: number): Promise<Run[]>;

  /**
   * Asks the instance of the run to cancel it; repeating this is harmless. Does nothing if the run has
   * ended. Rejects with RunNotFoundError for an unknown run.
   */
  requestCancel(runId: string): Promise<void>;

  /**
   * Active runs whose instance can't go on: its lease of the session was released, has expired or
   * belongs to another instance, its holder `isDead`, or the session was moved to the trash. The
   * oldest first.
   */
  orphans(isDead?: (holder: LeaseHolder) => boolean): Promise<Run[]>;

  /**
   * Yields at once, and whenever the run may have new events or may have ended, on whichever server
   * it is; then ends without an error when the signal aborts. It may yield without a change.
   */
  wake(runId: string, signal: AbortSignal): AsyncIterable<void>;

  /** Removes the events of runs that ended before this time. Returns how many were removed. */
  prune(endedBefore: Date): Promise<number>;
}

export interface NewRun {
  /** The id of the question message. */
  id: string;
  sessionId: string;
  /** The `instanceId` of the lease under which the run writes. */
  instanceId: string;
  /** Tells a repeated request from another one with the same id. */
  requestHash: string;
  startedAt: Date;
}

export interface Run extends NewRun {
  /** Null while the run is active. */
  outcome: RunOutcome | null;
  endedAt: Date | null;
  isCancelRequested: boolean;
  /** The position of its last event; 0 without events. It stays when events are pruned. */
  position: number;
}

export interface BegunRun {
  run: Run;
  /** False if the run existed already. */
  isNew: boolean;
}

/** `interrupted`: its process ended before it. */
export type RunOutcome = 'complete' | 'failed' | 'cancelled' | 'interrupted';

export interface RunEvent {
  type: string;
  data: JsonValue;
}

export interface PlacedRunEvent extends RunEvent {
  position: number;
}

export interface RunEventPage {
  /** The position of the last known event; 0 for the beginning. */
  after: number;
  limit: number;
}
