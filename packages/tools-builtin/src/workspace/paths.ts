import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

export function isInside(root: string, path: string): boolean {
  const inner = relative(root, path);
  return inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner);
}

/**
 * The path itself, everything in it, and the files that a database keeps beside it; in any letter
 * case.
 */
export function belongsTo(protectedPath: string, path: string): boolean {
  const [owner, asked] = [protectedPath.toLowerCase(), path.toLowerCase()];
  return asked === owner || asked.startsWith(`${owner}${sep}`) || asked.startsWith(`${owner}-`);
}

/** The path without links as far as it exists. */
export async function resolveMissing(path: string): Promise<string> {
  const parent = dirname(path);
  if (parent === path) return path;
  return realpath(path).catch(async () => join(await resolveMissing(parent), basename(path)));
}
