import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join, sep } from 'node:path';
import type { Ignore } from 'ignore';

const MAX_BYTES = 256 * 1024;

/** The rules of one folder's file, for paths below that folder. */
interface FolderRules {
  folder: string;
  rules: Ignore;
}

/** What the ignore files from the root down to a folder say; a deeper file has the last word. */
export class IgnoreRules {
  readonly #files: readonly FolderRules[];

  constructor(files: readonly FolderRules[] = []) {
    this.#files = files;
  }

  /** These rules and those of a folder below, given relative to the root ('' for the root). */
  async enter(root: string, folder: string, fileName: string): Promise<IgnoreRules> {
    const text = await readSmall(join(root, folder, fileName));
    if (text === undefined) return this;
    const { default: ignore } = await import('ignore');
    return new IgnoreRules([...this.#files, { folder, rules: ignore().add(text) }]);
  }

  /** Whether the path, relative to the root, is excluded by itself; its folders are not asked. */
  excludes(path: string, isFolder: boolean): boolean {
    for (const { folder, rules } of this.#files.toReversed()) {
      const inner = (folder === '' ? path : path.slice(folder.length + 1)).split(sep).join('/');
      if (inner === '') continue;
      const { ignored, unignored } = rules.test(isFolder ? `${inner}/` : inner);
      if (ignored || unignored) return ignored;
    }
    return false;
  }
}

/** Whether .synapseignore excludes the path or one of the folders it lies in. */
export async function isHidden(root: string, path: string): Promise<boolean> {
  const segments = path === '' ? [] : path.split(sep);
  let rules = await new IgnoreRules().enter(root, '', '.synapseignore');
  for (const [index] of segments.entries()) {
    const current = segments.slice(0, index + 1).join(sep);
    // Whether the last one is a folder is not known here; a rule for folders then guards files too.
    if (rules.excludes(current, true) || rules.excludes(current, false)) return true;
    if (index < segments.length - 1) rules = await rules.enter(root, current, '.synapseignore');
  }
  return false;
}

/** Rules are no secret, but a link or a FIFO in their place is not followed. */
async function readSmall(path: string): Promise<string | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > MAX_BYTES) return undefined;
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
