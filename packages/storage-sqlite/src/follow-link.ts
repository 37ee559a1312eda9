import { lstatSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The target of a link, so that the link survives when the file is replaced; any other path unchanged. */
export function followLink(path: string): string {
  const whole = resolve(path);
  try {
    return lstatSync(whole).isSymbolicLink() ? realpathSync(whole) : whole;
  } catch {
    return whole;
  }
}
