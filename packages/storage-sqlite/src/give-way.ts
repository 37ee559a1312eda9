import { setTimeout as sleep } from 'node:timers/promises';

// Who waits for SQLite's lock does not queue: it looks again, in the end every 100 ms.
const LOOK_MS = 110;
const MAX_HELD_MS = 40;

/** Lets others have the lock for a moment, whenever it has been held for long enough in short steps. */
export function createGiveWay(): (heldMs: number) => Promise<void> {
  let heldSincePauseMs = 0;
  return async (heldMs) => {
    heldSincePauseMs += heldMs;
    if (heldSincePauseMs < MAX_HELD_MS) return;
    heldSincePauseMs = 0;
    await sleep(LOOK_MS);
  };
}
