import { setTimeout as sleep } from 'node:timers/promises';

// Processes that wait for SQLite's lock do not queue: they check it again, in the end every 100 ms.
const LOOK_MS = 110;
const MAX_HELD_MS = 40;

/** Releases the lock to others for a moment when short steps have held it for long enough. */
export function createYielder(): (heldMs: number) => Promise<void> {
  let heldSincePauseMs = 0;
  return async (heldMs) => {
    heldSincePauseMs += heldMs;
    if (heldSincePauseMs < MAX_HELD_MS) return;
    heldSincePauseMs = 0;
    await sleep(LOOK_MS);
  };
}
