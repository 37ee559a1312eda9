import { toSafePath } from '../workspace/search-path.ts';

const passedOn =
  /^(HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|JAVA_HOME|GOPATH|GOROOT)$/;

/** The environment of a command: only listed variables, never the keys. */
export async function commandEnvironment(
  environment: NodeJS.ProcessEnv,
  roots: readonly string[],
): Promise<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => passedOn.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(kept),
    PATH: await toSafePath(environment.PATH, roots),
    TERM: 'dumb',
    NO_COLOR: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_TERMINAL_PROMPT: '0',
  };
}
