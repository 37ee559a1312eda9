import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { isInside } from '../workspace/paths.ts';

export interface ProgramFolder {
  /** The path without links. */
  real: string;
  /** The path in which commands look for it. */
  path: string;
}

const systemFolders = ['/usr', '/bin', '/sbin', '/opt', '/nix'];

/**
 * The folders of a PATH outside those of the system, such as that of a version manager, and the
 * libraries beside them.
 */
export async function programFolders(searchPath: string): Promise<ProgramFolder[]> {
  const home = await realpath(homedir()).catch(homedir);
  const folders = searchPath
    .split(delimiter)
    .filter((path) => isAbsolute(path) && !systemFolders.some((one) => isInside(one, path)));
  const found = await Promise.all(folders.map(withLibrary));
  // A PATH may name the home folder itself, which must not be readable as a whole.
  return found.flat().filter(({ real }) => !isInside(real, home));
}

async function withLibrary(path: string): Promise<ProgramFolder[]> {
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) return [];
  // The shims of a version manager lead to programs elsewhere in its folder.
  if (basename(real) === 'shims') return [{ real: dirname(real), path: dirname(real) }];
  const library = join(dirname(real), 'lib');
  const hasLibrary = path === real && basename(real) === 'bin';
  return [{ real, path }, ...(hasLibrary ? [{ real: library, path: library }] : [])];
}
