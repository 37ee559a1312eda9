import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * HOME, if it is an absolute path: an empty one would put everything into the working directory.
 * Otherwise the system's answer. A user without a home, as in a container, gets the root folder,
 * and the error then names the folder that can't be created.
 */
export function homeFolder({ HOME: home = '' }: NodeJS.ProcessEnv): string {
  if (isAbsolute(home)) return home;
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}
