import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@synapse/core';

/** Time goes on as it does, but nobody pauses for long; limits of seconds stay what they are. */
export function createHastyClock(): Clock & { skip(ms: number): void } {
  let skippedMs = 0;
  return {
    now: () => new Date(Date.now() + skippedMs),
    monotonicMs: () => performance.now() + skippedMs,
    sleep: (ms, signal) => sleep(ms < 1000 ? Math.min(ms, 5) : ms, undefined, { signal }),
    skip: (ms) => {
      skippedMs += ms;
    },
  };
}
