import { statSync, type Stats } from 'node:fs';

/** Undefined too where its folder is none, or may not be looked into: to open or make it will say so. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
