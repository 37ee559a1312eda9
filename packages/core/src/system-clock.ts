import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './ports/clock.ts';

/** The clock of this computer. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    // An aborted timer says only that it was; callers are promised the reason.
    sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    }),
};
