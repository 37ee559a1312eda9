import { chmodSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 5_000_000;
const KEPT_FILES = 3;

/** Makes sure the log can be appended to by its owner alone, and moves a full one out of the way. */
export function prepareLogFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const stats = statSync(file, { throwIfNoEntry: false });
  // To open it would wait for a reader, and to write into it could wait for ever.
  if (stats?.isFIFO()) throw new Error('The log file is a named pipe.');
  // As /dev/null or /dev/stderr, it has the mode that everybody needs.
  if (!stats?.isFile()) return;
  chmodSync(file, 0o600);
  if (stats.size < MAX_BYTES) return;
  for (let number = KEPT_FILES - 1; number >= 0; number--) {
    const from = number === 0 ? file : `${file}.${number}`;
    if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${file}.${number + 1}`);
  }
}
