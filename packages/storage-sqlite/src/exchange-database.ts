import { existsSync, linkSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type sqlite3 from 'sqlite3';
import { SIDE_FILES } from './database-file.ts';
import { withMigrationLock } from './migration-lock.ts';
import { statsOf } from './stats-of.ts';
import { syncFile } from './sync-file.ts';

/**
 * How a restored copy replaces a database. A process that is killed at any point leaves either the
 * old database or the new one at its path, or the files that `settleExchange` needs to decide:
 *
 * 1. The copy, whole and on the disk, gets the name of the database plus `.restoring`.
 * 2. The existing database gets a second name, `.before-restore-<time>`.
 * 3. SQLite's files beside it (`-wal`, `-shm`, `-journal`) are renamed to match: SQLite would
 *    apply a log to any database beside it.
 * 4. The copy is renamed to the database. This is the moment of the exchange.
 *
 * All of it happens under the lock of the migrations, so that a starting process does not mistake a
 * running exchange for an interrupted one.
 */
export function exchangeDatabase(ready: string, path: string, asidePath: string): string | null {
  const wasThere = existsSync(path);
  if (wasThere) giveSecondName(path, asidePath);
  const moved = moveSideFiles(path, asidePath);
  renameSync(ready, path);
  syncFile(dirname(path));
  return wasThere ? asidePath : (moved[0] ?? null);
}

/** The name of a complete copy that is about to replace the database. */
export function readyPathOf(path: string): string {
  return `${path}.restoring`;
}

/** An unused name. */
export function asidePathOf(path: string, now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  let aside = `${path}.before-restore-${time}`;
  for (let count = 2; existsSync(aside) || existsSync(`${aside}-wal`); count++) {
    aside = `${path}.before-restore-${time}-${count}`;
  }
  return aside;
}

/** If an exchange fails before it is complete, everything is restored. */
export function undoExchange(path: string, asidePath: string): void {
  if (!existsSync(readyPathOf(path))) return;
  if (!existsSync(path) && existsSync(asidePath)) renameSync(asidePath, path);
  moveSideFiles(asidePath, path);
  takeBack(path);
  rmSync(readyPathOf(path));
}

/**
 * Settles an interrupted exchange: completes it if there is no database at the path, else reverts
 * it, because no caller was told that it had succeeded. Returns a sentence about it; undefined if
 * there was none.
 */
export async function settleExchange(
  driver: typeof sqlite3,
  path: string,
  now: Date,
): Promise<string | undefined> {
  const ready = readyPathOf(path);
  if (!existsSync(ready)) return undefined;
  return withMigrationLock(driver, path, async () => {
    if (!existsSync(ready)) return undefined;
    if (!existsSync(path)) {
      const aside = exchangeDatabase(ready, path, asidePathOf(path, now));
      const moved = aside === null ? '' : ` The remains of the old database are now in ${aside}.`;
      return `A restore of ${path} was interrupted; it is complete now.${moved}`;
    }
    takeBack(path);
    rmSync(ready);
    syncFile(dirname(path));
    return `A restore of ${path} was interrupted; the database is as it was before. Restore the backup again if you still want it.`;
  });
}

/** A link, so that a database exists at every moment; some file systems have no links. */
function giveSecondName(path: string, asidePath: string): void {
  try {
    linkSync(path, asidePath);
  } catch {
    renameSync(path, asidePath);
  }
}

function moveSideFiles(from: string, to: string): string[] {
  return SIDE_FILES.flatMap((suffix) => {
    if (!existsSync(from + suffix)) return [];
    renameSync(from + suffix, to + suffix);
    return [to + suffix];
  });
}

function takeBack(path: string): void {
  const own = statsOf(path);
  const start = `${basename(path)}.before-restore-`;
  for (const name of readdirSync(dirname(path))) {
    const aside = join(dirname(path), name);
    const isSecondName = name.startsWith(start) && statsOf(aside)?.ino === own?.ino;
    if (!isSecondName) continue;
    moveSideFiles(aside, path);
    rmSync(aside);
  }
}
