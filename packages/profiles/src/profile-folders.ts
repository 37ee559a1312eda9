import { dirname } from 'node:path';

/** Where profiles are looked for; all paths are absolute. */
export interface ProfileFolders {
  /** The working folder. */
  here: string;
  /** The root of the project: the folder itself, or one above it. */
  root: string;
  home: string;
  /** The folder for settings of programs, such as `~/.config`. */
  configHome: string;
}

/** The working folder and those above it, up to the root. The home folder is the user's, not a project. */
export function foldersUpwards({ here, root, home }: ProfileFolders): string[] {
  const folders: string[] = [];
  for (let folder = here; ; folder = dirname(folder)) {
    if (folder !== home) folders.push(folder);
    if (folder === root || folder === dirname(folder)) return folders;
  }
}
