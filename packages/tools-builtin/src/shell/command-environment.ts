import { delimiter, isAbsolute } from 'node:path';
import { isInside } from '../workspace/paths.ts';

const passedOn =
  /^(HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|JAVA_HOME|GOPATH|GOROOT)$/;

/** What a command is told of the environment: a list of what may be passed on, never the keys. */
export function commandEnvironment(
  environment: NodeJS.ProcessEnv,
  roots: readonly string[],
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => passedOn.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(kept),
    PATH: safeSearchPath(environment.PATH, roots),
    TERM: 'dumb',
    NO_COLOR: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** Without folders that a project can fill: a `git` in there would be run for the real one. */
function safeSearchPath(path = '', roots: readonly string[]): string {
  const folders = path.split(delimiter).filter(isAbsolute);
  const safe = folders.filter(
    (folder) => !roots.some((root) => root !== '/' && isInside(root, folder)),
  );
  return safe.length > 0 ? safe.join(delimiter) : '/usr/local/bin:/usr/bin:/bin';
}
