import { statSync, type Stats } from 'node:fs';

/**
 * Also undefined if the folder is missing or not accessible: opening or creating the file will
 * report that.
 */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
