import { rmSync } from 'node:fs';

/** Removes a SQLite file with what stands beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal', '-migrate'])
    rmSync(path + suffix, { force: true });
}
