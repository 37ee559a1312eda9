import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { isInside } from './paths.ts';

const USUAL_PLACES = '/usr/local/bin:/usr/bin:/bin';

/**
 * The folders of a PATH that a project cannot write to, under any name: otherwise a program there
 * would run instead of the real one.
 */
export async function safeSearchPath(
  path: string | undefined,
  roots: readonly string[],
): Promise<string[]> {
  const projects = (await Promise.all(roots.map(projectsOf))).flat();
  const folders = (path ?? '').split(delimiter).filter(isAbsolute);
  const areSafe = await Promise.all(
    folders.map(async (folder) => {
      const places = [folder, await realpath(folder).catch(() => folder)];
      return !projects.some((project) => places.some((place) => isInside(project, place)));
    }),
  );
  return folders.filter((_folder, index) => areSafe[index]);
}

/** The same as a PATH, which is never empty: that would mean the current folder. */
export async function toSafePath(
  path: string | undefined,
  roots: readonly string[],
): Promise<string> {
  return (await safeSearchPath(path, roots)).join(delimiter) || USUAL_PLACES;
}

/** The folder under each of its names, and the whole repository that it is a part of. */
async function projectsOf(root: string): Promise<string[]> {
  const real = await realpath(root).catch(() => root);
  const home = await realpath(homedir()).catch(homedir);
  let repository = real;
  for (let folder = real; !isInside(folder, home); folder = dirname(folder)) {
    if (await stat(join(folder, '.git')).catch(() => undefined)) repository = folder;
  }
  return [root, real, repository].filter((project) => project !== '/');
}
