import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { holderState, thisProcess } from './conversation/process-identity.ts';
import { StorageError } from './errors/storage-error.ts';
import type { LeaseHolder } from './ports/session-store.ts';

/**
 * A lock is taken over after this time if its holder is not visible from here; no change takes
 * nearly as long.
 */
const UNSEEN_HOLDER_MS = 60_000;
const MOST_TRIES = 600;

/**
 * Takes the lock of a file, for work that can be left to another process. Returns a function that
 * releases the lock, or undefined if another process holds it. Throws the errors of the file
 * system. The lock is a file beside `path`, and names its holder. The lock of a killed process is
 * removed.
 */
export function tryFileLock(path: string): (() => void) | undefined {
  const lock = `${path}.lock`;
  const holder = JSON.stringify(thisProcess());
  if (!create(lock, holder)) {
    removeIfDead(lock);
    if (!create(lock, holder)) return undefined;
  }
  return () => remove(lock, holder);
}

/**
 * The same, for work that can't be left to others: waits about ten seconds for a holder, then
 * throws a StorageError.
 */
export async function takeFileLock(path: string, tries: number = MOST_TRIES): Promise<() => void> {
  let seen = '';
  for (let left = tries; left > 0; left -= 1) {
    const release = tryFileLock(path);
    if (release) return release;
    const holder = read(`${path}.lock`) ?? '';
    // The next holder gets the full time again.
    if (holder !== seen) left = tries;
    seen = holder;
    await delay(5 + Math.random() * 20);
  }
  throw new StorageError(
    `Another process (${parse(seen)?.pid ?? 'unknown'}) is changing ${path}.`,
    {
      reason: 'busy',
      hint: `Try again when it has ended. If no such process runs, remove ${path}.lock.`,
    },
  );
}

function create(lock: string, holder: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(lock, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(descriptor, holder);
  } catch (error) {
    unlinkSync(lock);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/**
 * Only one process at a time removes a dead lock: a second one could remove the new lock of the
 * first.
 */
function removeIfDead(lock: string): void {
  const seen = read(lock);
  if (seen === undefined || !isDead(lock, seen)) return;
  const guard = `${lock}.break`;
  if (!create(guard, '')) {
    if (isOld(guard)) unlinkIfThere(guard);
    return;
  }
  try {
    remove(lock, seen);
  } finally {
    unlinkIfThere(guard);
  }
}

function isDead(lock: string, seen: string): boolean {
  const holder = parse(seen);
  const life = holder ? holderState(holder) : 'unknown';
  return life === 'dead' || (life === 'unknown' && isOld(lock));
}

/** Undefined for an empty lock, whose holder was killed before it wrote its name. */
function parse(text: string): LeaseHolder | undefined {
  try {
    return JSON.parse(text) as LeaseHolder;
  } catch {
    return undefined;
  }
}

function remove(lock: string, holder: string): void {
  if (read(lock) === holder) unlinkIfThere(lock);
}

function isOld(file: string): boolean {
  const changedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  return changedAt !== undefined && Date.now() - changedAt > UNSEEN_HOLDER_MS;
}

function read(file: string): string | undefined {
  return unlessMissing(() => readFileSync(file, 'utf8'));
}

function unlinkIfThere(file: string): void {
  unlessMissing(() => unlinkSync(file));
}

function unlessMissing<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
