import { setTimeout as sleep } from 'node:timers/promises';

// Processes that wait for SQLite's lock do not queue: they check it again, in the end every 100 ms.
const LOOK_MS = 110;
const MAX_HELD_MS = 40;

/**
 * Releases the lock to others for a moment when short steps have held it for long enough, unless it
 * was free for as long between them.
 */
export function createYielder({
  now = () => performance.now(),
  pause = (ms: number): Promise<void> => sleep(ms),
} = {}): (heldMs: number, heldPerPause?: number) => Promise<void> {
  let [heldSincePauseMs, freeSincePauseMs] = [0, 0];
  let lastCall = now();
  return async (heldMs, heldPerPause = 1) => {
    freeSincePauseMs += Math.max(0, now() - lastCall - heldMs);
    heldSincePauseMs += heldMs;
    if (heldSincePauseMs >= MAX_HELD_MS * heldPerPause) {
      if (freeSincePauseMs < heldSincePauseMs) await pause(LOOK_MS);
      [heldSincePauseMs, freeSincePauseMs] = [0, 0];
    }
    lastCall = now();
  };
}
