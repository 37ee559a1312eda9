import { dirname } from 'node:path';
import { expandHome } from '@synapse/config';
import type { ProfileSource } from '@synapse/core/profiles';
import { projectRoot } from '../profiles/project-root.ts';
import type { App } from '../wiring.ts';

/** The profiles of the working folder's project, and those of the user. */
export async function openProfiles(
  app: Pick<App, 'here' | 'environment' | 'places'>,
): Promise<ProfileSource> {
  const { openProfileSource } = await import('@synapse/profiles');
  return openProfileSource(profileFolders(app));
}

export function profileFolders({
  here,
  environment,
  places,
}: Pick<App, 'here' | 'environment' | 'places'>) {
  const home = expandHome('~', environment);
  return { here, root: projectRoot(here), home, configHome: dirname(places.configFolder) };
}
