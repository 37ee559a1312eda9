import { realpathSync, statSync } from 'node:fs';

/** False where a device, a pipe or a folder is: what is there is neither replaced nor given another mode. */
export function isReplaceableFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  } catch {
    // Writing there reports the reason.
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
