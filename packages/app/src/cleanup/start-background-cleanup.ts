import { cleanUp, type Cleanup } from './clean-up.ts';

export interface RunningCleanup {
  /**
   * Stops the cleanup between two steps, so that no caller waits for a long one; the next start
   * continues.
   */
  finish(): Promise<void>;
}

/** Cleans up in the background of a longer task; start it when the first token has arrived. */
export function startBackgroundCleanup(cleanup: Omit<Cleanup, 'signal'>): RunningCleanup {
  const ended = new AbortController();
  const done = cleanUp({ ...cleanup, signal: ended.signal });
  return {
    finish() {
      ended.abort();
      return done;
    },
  };
}
