import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@synapse/core';
import { statsOf } from './stats-of.ts';

/**
 * A log without its database: SQLite would remove it, with the latest changes. A new database has
 * no log before its file exists, so the log is checked first.
 */
export function refuseLostLog(path: string): void {
  const log = `${path}-wal`;
  if (!((statsOf(log)?.size ?? 0) > 0) || existsSync(path)) return;
  throw new StorageError(`The database ${path} is missing, but its log exists: ${log}`, {
    reason: 'unavailable',
    hint: [
      'Put the database back next to the log, which has the latest changes.',
      `To start over, move the log away: mv "${log}" "${log}.old"`,
      '',
    ].join('\n'),
    action: { name: 'restore-backup', text: 'Or restore a backup, which moves the log aside.' },
  });
}

/**
 * A file with two names has a log under each of them, and each log lacks the changes of the other.
 * A partial file is left behind if a backup was killed just before its end.
 */
export function refuseSecondName(path: string): void {
  if ((statsOf(path)?.nlink ?? 1) < 2) return;
  const others = otherNames(path);
  const isPartial = (name: string) => name.startsWith(`${path}.partial-`);
  for (const name of others.filter(isPartial)) rmSync(name, { force: true });
  const count = statsOf(path)?.nlink ?? 1;
  if (count < 2) return;
  const other = others.find((name) => !isPartial(name));
  throw new StorageError(
    `The database ${path} has ${count} names (hard links)${other === undefined ? '' : `; another one is ${other}`}.`,
    {
      reason: 'unavailable',
      hint: [
        'Using the database under two names would lose data. Remove the name that you do not use (rm),',
        `or make it a symbolic link (ln -s). To list the names: find / -xdev -samefile "${path}"`,
      ].join('\n'),
    },
  );
}

/** Other names in the same folder. */
function otherNames(path: string): string[] {
  const own = statsOf(path);
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name !== basename(path))
    .map((name) => join(folder, name))
    .filter((name) => {
      const stats = lstatSync(name, { throwIfNoEntry: false });
      return stats !== undefined && stats.ino === own?.ino && stats.dev === own.dev;
    });
}
