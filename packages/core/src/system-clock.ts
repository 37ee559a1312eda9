import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './ports/clock.ts';

/** The clock of this computer. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    // Node's error only says that the timer was aborted; callers get the signal's reason.
    sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    }),
};
