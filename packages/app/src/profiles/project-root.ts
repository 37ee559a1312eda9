import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder with a repository, from the folder upwards; the folder itself if there is none. */
export function projectRoot(here: string): string {
  for (let folder = here; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
  }
  return here;
}

/** The root without links, which is what trust is about. */
export function realRoot(here: string): string {
  const root = projectRoot(here);
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}
