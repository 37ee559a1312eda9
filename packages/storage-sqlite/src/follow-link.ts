import { lstatSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where a link leads, so that it stays one when the file is replaced; any other path as it is. */
export function followLink(path: string): string {
  const whole = resolve(path);
  try {
    return lstatSync(whole).isSymbolicLink() ? realpathSync(whole) : whole;
  } catch {
    return whole;
  }
}
