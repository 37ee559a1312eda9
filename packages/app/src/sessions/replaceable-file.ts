import { realpathSync, statSync } from 'node:fs';

/** False for a device, a pipe or a folder: it is neither replaced nor given another mode. */
export function isReplaceableFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch {
    // Ignored here, because writing to the path will report the reason.
    return true;
  }
}

/** The target of links: the file is replaced, not the link to it. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
