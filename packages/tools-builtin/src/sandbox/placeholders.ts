import { mkdir, rename, rmdir, stat } from 'node:fs/promises';

/** How many commands of this process need the empty folder, by path. */
const inUse = new Map<string, number>();

/**
 * Puts empty folders where nothing may come to be, since only what exists can be mounted over.
 * Removing them is safe: a folder that somebody has put something into stays.
 */
export async function makePlaceholders(paths: readonly string[]): Promise<string[]> {
  const made: string[] = [];
  for (const path of paths) {
    const users = inUse.get(path) ?? 0;
    const isMade =
      users > 0 ||
      (await mkdir(path).then(
        () => true,
        () => false,
      ));
    if (!isMade) continue;
    inUse.set(path, users + 1);
    made.push(path);
  }
  return made;
}

export async function removePlaceholders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const users = (inUse.get(path) ?? 1) - 1;
    if (users > 0) inUse.set(path, users);
    else {
      inUse.delete(path);
      await rmdir(path).catch(() => undefined);
    }
  }
}

/** Puts aside what has come to be nevertheless, where no program looks for it. */
export async function setAside(paths: readonly string[]): Promise<string[]> {
  const notes: string[] = [];
  for (const path of paths) {
    if (!(await stat(path).catch(() => undefined))) continue;
    const away = `${path}.untrusted-${Date.now()}`;
    await rename(path, away);
    notes.push(`The command made "${path}", which other programs obey; it is now "${away}".`);
  }
  return notes;
}
