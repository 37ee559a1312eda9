import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isInside } from './read-inside.ts';

const MAX_DEPTH = 6;
const MAX_FOLDERS = 2000;

/** How many folders may still be read; shared by all walks of a listing. */
export interface WalkBudget {
  folders: number;
}

export function createWalkBudget(): WalkBudget {
  return { folders: MAX_FOLDERS };
}

export interface Walk {
  /** The most folders between the folder and a file; 0 for its own files only. */
  depth: number;
  /** Links to folders are entered only within it. */
  boundary: string;
  budget: WalkBudget;
}

/**
 * The files below a folder, as paths relative to it with `/`, sorted. Folders deeper than the bounds are
 * left out, and each folder is entered once, so that links can't make a circle.
 */
export function findFiles(folder: string, { depth, boundary, budget }: Walk): string[] {
  const found: string[] = [];
  const entered = new Set<string>();
  const walk = (inner: string, left: number) => {
    const place = join(folder, inner);
    const target = findFolder(place);
    const isAllowed = target !== null && isInside(target, boundary) && !entered.has(target);
    if (!isAllowed || budget.folders <= 0) return;
    entered.add(target);
    budget.folders -= 1;
    for (const entry of readFolder(place)) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (!isFolder(entry, place)) found.push(path);
      else if (left > 0 && entry.name !== 'node_modules') walk(path, left - 1);
    }
  };
  walk('', Math.min(depth, MAX_DEPTH));
  return found.sort();
}

/** The folder that a path leads to; null if there is none. */
export function findFolder(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

function isFolder(entry: Dirent, place: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(place, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}
