import { joinSignals, SessionBusyError, SessionHeldError, type Store } from '@synapse/core';
import type { App } from '../wiring.ts';

const AGAIN_MS = 250;
/** Enough for an idle process to hand a session over. */
const HAND_OVER_MS = 2000;

/** What to do if a session is in use: by default, fail at once. */
export interface SessionWait {
  /** How long to wait for it. A process that has it open is asked to hand it over. */
  waitMs?: number | undefined;
  /**
   * Ends the lease of a process that does not hand the session over. It never ends a run, which can
   * be cancelled.
   */
  isTakenOver?: boolean | undefined;
  /** Ends the wait. */
  signal?: AbortSignal | undefined;
}

/**
 * Repeats an attempt to use a session while another process or run has it. The last attempt gets
 * `isForced` if the session shall be taken over. Rejects with the error of the last attempt.
 */
export async function whenSessionIsFree<Result>(
  { clock }: Pick<App, 'clock'>,
  { sessions }: Pick<Store, 'sessions'>,
  { waitMs = 0, isTakenOver = false, signal }: SessionWait,
  attempt: (isForced: boolean) => Promise<Result>,
): Promise<Result> {
  const endMs = clock.monotonicMs() + (isTakenOver ? Math.max(waitMs, HAND_OVER_MS) : waitMs);
  const joined = joinSignals(signal ? [signal] : []);
  try {
    for (;;) {
      const leftMs = endMs - clock.monotonicMs();
      try {
        return await attempt(isTakenOver && leftMs <= 0);
      } catch (error) {
        const isHeld = error instanceof SessionHeldError;
        if (leftMs <= 0 || !(isHeld || error instanceof SessionBusyError)) throw error;
        if (isHeld) await sessions.requestHandOver(error.lease.sessionId, error.lease.token);
      }
      await clock.sleep(Math.min(leftMs, AGAIN_MS), joined.signal);
    }
  } finally {
    joined.release();
  }
}
