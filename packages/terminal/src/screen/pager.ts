import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface PagerOptions {
  /** The terminal whose descriptor the pager writes to; stdout without one. */
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly fd?: number };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The PATH on which the pager is looked for; asked where there is one. */
  readonly searchPath: () => Promise<string>;
}

/** Colours kept, no page for what fits on the screen, the text left there afterwards. */
const defaultPager = 'less -R -F -X';
/** The same for a `less` in PAGER; a LESS in the environment takes precedence. */
const lessOptions = 'FRX';

/**
 * Shows long text through `$PAGER` on a terminal, and plainly on other streams or without a pager.
 * Leaving it early is no error.
 */
export async function showInPager(
  text: string,
  { output, environment, searchPath }: PagerOptions,
): Promise<void> {
  const command = environment.PAGER ?? defaultPager;
  const isPaged = output.isTTY === true && environment.TERM !== 'dumb';
  const isWanted = command.trim() !== '' && command.trim() !== 'cat';
  const isShown =
    isPaged &&
    isWanted &&
    (await runPager(command, text, output.fd ?? 1, { ...environment, PATH: await searchPath() }));
  if (!isShown) output.write(text);
}

/** Whether a pager showed the text; a shell exits with 126 or 127 if there is none. */
async function runPager(
  command: string,
  text: string,
  descriptor: number,
  environment: PagerOptions['environment'],
): Promise<boolean> {
  const pager = spawn(command, {
    shell: true,
    stdio: ['pipe', descriptor, 'ignore'],
    env: {
      ...environment,
      LESS: environment.LESS ?? lessOptions,
      LESSCHARSET: environment.LESSCHARSET ?? 'utf-8',
    },
  });
  // Ctrl-C belongs to the pager while it runs.
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  try {
    pager.stdin?.on('error', ignore);
    pager.stdin?.end(text);
    const [code] = (await once(pager, 'close')) as [number | null];
    return code !== 126 && code !== 127;
  } catch {
    return false;
  } finally {
    process.off('SIGINT', ignore);
  }
}
