import { access, constants } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface CandidateQuery {
  pattern: string;
  isCaseIgnored: boolean;
  folder: string;
  /** The folders in which to look for ripgrep. */
  searchPath: readonly string[];
  maxFileBytes: number;
  signal: AbortSignal;
}

/**
 * The files below a folder that may contain a text, by ripgrep if it is installed; undefined if
 * every file must be checked. This only saves work: Synapse still opens and searches each file
 * itself, so the results do not depend on ripgrep.
 */
export async function findCandidates(query: CandidateQuery): Promise<Set<string> | undefined> {
  // Only for patterns that mean the same in both regular expression languages.
  if (!/^[\w ,;:<>@#%&="'!~/-]+$/.test(query.pattern)) return undefined;
  const program = await findProgram(query.searchPath);
  if (program === undefined) return undefined;
  const flags = [
    `--max-filesize=${query.maxFileBytes}`,
    '--no-config',
    '--files-with-matches',
    '--null',
    '--fixed-strings',
    '--text',
    '--hidden',
    '--no-ignore',
  ];
  if (query.isCaseIgnored) flags.push('--ignore-case');
  const { execFile } = await import('node:child_process');
  const { folder, signal } = query;
  const output = await new Promise<string | undefined>((resolve, reject) => {
    execFile(
      program,
      [...flags, '--regexp', query.pattern, folder],
      { signal, maxBuffer: 64 * 1024 * 1024, env: {} },
      (error, stdout) => {
        if (signal.aborted) reject(signal.reason as Error);
        // It ends with 1 when nothing was found, with 2 when something could not be read.
        else resolve(error === null || error.code === 1 ? stdout : undefined);
      },
    );
  });
  return output === undefined
    ? undefined
    : new Set(output.split('\0').map((path) => relative(folder, path)));
}

async function findProgram(searchPath: readonly string[]): Promise<string | undefined> {
  for (const folder of searchPath) {
    const program = join(folder, 'rg');
    if (
      await access(program, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  return undefined;
}
