import { readFileSync, statSync } from 'node:fs';

// A write of SQLite is a page, or a frame of the log; so near to the limit it was the reason.
const MARGIN_BYTES = 128 * 1024;

export function isAtFileSizeLimit(path: string): boolean {
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
