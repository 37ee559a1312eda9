import { readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

// SQLite writes a page, a frame of the log or a part of its index: this close to the end, missing
// space was the reason.
const MARGIN_BYTES = 128 * 1024;

/** Whether a write failed because of a full disk or a limit on the size of files. */
export function hasNoRoom(path: string): boolean {
  return isDiskFull(path) || isAtFileSizeLimit(path);
}

/** SQLite does not report this if the index of the log can't grow. */
function isDiskFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < MARGIN_BYTES;
  } catch {
    return false;
  }
}

function isAtFileSizeLimit(path: string): boolean {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const limitBytes = Number(/^Max file size\s+(\d+)/m.exec(limits)?.[1]);
    const sizes = ['', '-wal', '-journal'].map(
      (suffix) => statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0,
    );
    return sizes.some((size) => size + MARGIN_BYTES >= limitBytes);
  } catch {
    return false;
  }
}
