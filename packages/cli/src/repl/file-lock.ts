import { closeSync, openSync, statSync, unlinkSync } from 'node:fs';

const staleMs = 60_000;

/**
 * Runs if no other process is at it; otherwise does nothing, for work that the next one can do as
 * well. A lock that a process left behind when it was killed is cleared after a minute.
 */
export function tryWithLock(lock: string, run: () => void): void {
  let handle: number;
  try {
    handle = openSync(lock, 'wx', 0o600);
  } catch {
    clearIfStale(lock);
    return;
  }
  try {
    run();
  } finally {
    closeSync(handle);
    unlinkSync(lock);
  }
}

function clearIfStale(lock: string): void {
  const changedAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (changedAt !== undefined && Date.now() - changedAt > staleMs) unlinkSync(lock);
}
