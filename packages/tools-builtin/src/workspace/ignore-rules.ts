import { open } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join, sep } from 'node:path';
import type { Ignore } from 'ignore';

const MAX_BYTES = 256 * 1024;

export type IgnoreFileName = '.gitignore' | '.synapseignore';

/** The rules of one folder's file, for paths below that folder. */
interface FolderRules {
  fileName: IgnoreFileName;
  folder: string;
  rules: Ignore;
}

/** The rules of all ignore files from the root down to a folder; a deeper file has priority. */
export class IgnoreRules {
  readonly #files: readonly FolderRules[];

  constructor(files: readonly FolderRules[] = []) {
    this.#files = files;
  }

  /** These rules and those of a folder below, given relative to the root ('' for the root). */
  async enter(root: string, folder: string, fileName: IgnoreFileName): Promise<IgnoreRules> {
    const text = await readSmall(join(root, folder, fileName));
    if (text === undefined) return this;
    const { default: ignore } = await import('ignore');
    // Git compares case as the file system does. To hide files, this is strict enough.
    const ignorecase = fileName === '.synapseignore' || /^(darwin|win32)$/.test(process.platform);
    const rules = ignore({ ignorecase }).add(text);
    return new IgnoreRules([...this.#files, { fileName, folder, rules }]);
  }

  /**
   * The ignore file that excludes the path, relative to the root, or a folder around it; undefined
   * if none does.
   */
  excludedBy(path: string, isFolder: boolean): IgnoreFileName | undefined {
    for (const file of this.#files.toReversed()) {
      const verdict = judge(file, path, isFolder);
      if (verdict !== undefined) return verdict ? file.fileName : undefined;
    }
    return undefined;
  }

  /**
   * The rules within a folder that the caller named. A .gitignore that excludes the folder, or one around it, no
   * longer counts: the caller asked for the content.
   */
  within(folder: string): IgnoreRules {
    const segments = folder.split(sep);
    const folders = segments.map((_, index) => segments.slice(0, index + 1).join(sep));
    const excluded = folders.filter((path) => this.excludedBy(path, true) === '.gitignore');
    return new IgnoreRules(
      this.#files.filter(
        (file) =>
          file.fileName !== '.gitignore' || !excluded.some((path) => judge(file, path, true)),
      ),
    );
  }
}

/** Whether one file excludes a path; undefined if none of its rules matches. */
function judge(
  { folder, rules }: FolderRules,
  path: string,
  isFolder: boolean,
): boolean | undefined {
  if (folder !== '' && !path.startsWith(`${folder}${sep}`)) return undefined;
  const inner = (folder === '' ? path : path.slice(folder.length + 1)).split(sep).join('/');
  if (inner === '') return undefined;
  const { ignored, unignored } = rules.test(isFolder ? `${inner}/` : inner);
  return ignored || unignored ? ignored : undefined;
}

/** Whether .synapseignore excludes the path or one of the folders that contain it. */
export async function isHidden(root: string, path: string): Promise<boolean> {
  const segments = path === '' ? [] : path.split(sep);
  let rules = await new IgnoreRules().enter(root, '', '.synapseignore');
  for (const [index] of segments.entries()) {
    const current = segments.slice(0, index + 1).join(sep);
    // The path may be a folder or a file, so a rule for folders hides files, too.
    if (rules.excludedBy(current, true) || rules.excludedBy(current, false)) return true;
    if (index < segments.length - 1) rules = await rules.enter(root, current, '.synapseignore');
  }
  return false;
}

/** Rules are not secret, but a link or a FIFO in their place is not followed. */
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
