import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * What HOME says, if that is a whole path: an empty one would put everything into the working
 * directory. Otherwise what the system says; somebody without a home, as in a container, gets the
 * root, where the error names the place that can't be made.
 */
export function homeFolder({ HOME: home = '' }: NodeJS.ProcessEnv): string {
  if (isAbsolute(home)) return home;
  try {
    return userInfo().homedir;
  } catch {
    return '/';
  }
}
