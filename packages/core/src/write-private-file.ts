import { mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { partialPathOf } from './partial-file.ts';

/**
 * Replaces the file in one step, readable by its owner alone; creates its folder if it is missing.
 * A link keeps pointing to it. Throws the error of the system.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const target = await findTarget(path);
  const draft = partialPathOf(target);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** The file that a write replaces, found by following links, with its folder. */
export async function findTarget(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const target = await realpath(path).catch(() => path);
  const stats = await stat(target).catch(() => null);
  if (stats?.isFile() === false) throw new Error('it is not a regular file');
  return target;
}
