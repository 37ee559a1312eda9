import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isGuardedName } from '../workspace/guarded-names.ts';

/** What other programs obey and was not in these folders before, by the names that were. */
export async function findNewGuarded(
  before: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [root, names] of before) {
    const now = await readdir(root).catch(() => []);
    const added = now.filter((name) => !names.has(name) && isGuardedName(name) && !isPlain(name));
    found.push(...added.map((name) => join(root, name)));
  }
  return found;
}

/** At the top of a project these are folders like any other, such as `systemd`. */
function isPlain(name: string): boolean {
  return !/^\.|\.(md|yml|toml)$/i.test(name);
}
