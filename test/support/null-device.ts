import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** One of our own, where that may be made: who may not could not harm that of the system either. */
export function makeNullDevice(folder: string): string {
  const path = join(folder, 'null');
  try {
    execFileSync('mknod', ['-m', '666', path, 'c', '1', '3'], { stdio: 'ignore' });
    return path;
  } catch {
    return '/dev/null';
  }
}
