import { realpath } from 'node:fs/promises';
import { delimiter, isAbsolute } from 'node:path';
import { isInside } from './paths.ts';

/**
 * Of the folders of a PATH, those that a project can not fill, under whatever name: a program in
 * there would be run for the real one.
 */
export async function safeSearchPath(
  path: string | undefined,
  roots: readonly string[],
): Promise<string[]> {
  const folders = (path ?? '').split(delimiter).filter(isAbsolute);
  const areSafe = await Promise.all(
    folders.map(async (folder) => {
      const places = [folder, await realpath(folder).catch(() => folder)];
      return !roots.some((root) => root !== '/' && places.some((place) => isInside(root, place)));
    }),
  );
  return folders.filter((_folder, index) => areSafe[index]);
}
