import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { lifeOfHolder, thisProcess } from './conversation/process-identity.ts';
import { StorageError } from './errors/storage-error.ts';
import type { LeaseHolder } from './ports/session-store.ts';

/** A lock whose holder nobody here can see is taken over after this time; no change takes nearly as long. */
const UNSEEN_HOLDER_MS = 60_000;
const MOST_TRIES = 600;

/**
 * Takes the lock of a file, for work that may as well be left to the process that has it. Returns what
 * releases it, or undefined where another process has it. Throws what the system says.
 *
 * The lock is a file beside the file that names its holder. That of a process that was killed is removed.
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

/** The same, for work that has to be done: waits for another holder some ten seconds, then throws a StorageError. */
export async function takeFileLock(path: string, tries: number = MOST_TRIES): Promise<() => void> {
  let seen = '';
  for (let left = tries; left > 0; left -= 1) {
    const release = tryFileLock(path);
    if (release) return release;
    const holder = read(`${path}.lock`) ?? '';
    // Whoever has it next has all the time again.
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

/** Only one process at a time removes a lock that was left behind: it could be another's new one by then. */
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
  const life = holder ? lifeOfHolder(holder) : 'unknown';
  return life === 'dead' || (life === 'unknown' && isOld(lock));
}

/** A lock that was killed between its making and its writing names nobody. */
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
