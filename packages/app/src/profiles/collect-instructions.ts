import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Instructions } from '@synapse/core/profiles';
import { openProfiles, profileFolders } from '../wiring/open-profiles.ts';
import type { CollectOptions, ProfilesApp } from './collect-options.ts';
import { isFolderTrusted } from './folder-trust.ts';
import { projectRoot } from './project-root.ts';

/**
 * Whether files of instructions exist; a few looks at the disk, so that nothing is loaded in a folder
 * without them.
 */
export function hasInstructions(app: ProfilesApp): boolean {
  const { files } = app.settings.instructions;
  const { home, configHome } = profileFolders(app);
  const root = projectRoot(app.here);
  if (files.length === 0) return false;
  const isThere = (folder: string) => files.some((name) => existsSync(join(folder, name)));
  for (let folder = app.here; ; folder = dirname(folder)) {
    if (folder !== home && isThere(folder)) return true;
    if (folder === root || folder === dirname(folder)) break;
  }
  const ofUser = [join(configHome, 'synapse'), join(home, '.claude'), join(home, '.gemini')];
  return ofUser.some(isThere);
}

/** The instructions of a new session: the user's own, and those of a folder that the user trusts. */
export async function collectInstructions(
  app: ProfilesApp,
  options: CollectOptions,
): Promise<Instructions[]> {
  const { notify } = options;
  const source = await openProfiles(app);
  const { files, problems } = await source.instructions(app.settings.instructions.files);
  for (const problem of problems) notify(`instructions are left out: ${problem}`);
  const names = files.filter(({ scope }) => scope === 'project').map(({ name }) => name);
  if (names.length === 0) return files;
  const decision = await isFolderTrusted(app, names, options);
  if (decision === true) return files;
  if (decision === undefined) {
    notify(`not used, because this folder is not trusted: ${names.join(', ')}`);
  }
  return files.filter(({ scope }) => scope === 'user');
}
