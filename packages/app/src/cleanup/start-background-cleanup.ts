import { cleanUp, type Cleanup } from './clean-up.ts';

export interface RunningCleanup {
  /** Ends it between two steps, so that nobody waits for a long one; the next start goes on. */
  finish(): Promise<void>;
}

/** Cleans up beside something that takes longer; to be started when the first token has come. */
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
