import { readdir } from 'node:fs/promises';
import { relative } from 'node:path';
import { isInside } from './paths.ts';
import type { Workspace } from './workspace.ts';
import { IgnoreRules, type IgnoreFileName } from './ignore-rules.ts';
import type { Place } from './place.ts';

export interface WalkEntry {
  /** Relative to the folder that the walk began in, with slashes. */
  path: string;
  name: string;
  kind: 'file' | 'folder' | 'other';
  /** The folder of the entry, open until the walk continues. */
  folder: Place;
}

const versionControl = new Set(['.git', '.hg', '.svn', '.jj']);

export interface WalkOptions {
  workspace: Workspace;
  start: Place;
  maxDepth: number;
  signal: AbortSignal;
  /** Collects the ignore files that have excluded anything. */
  excluding: Set<IgnoreFileName>;
}

/**
 * Everything below a folder by name, without what ignore files exclude; a .gitignore that excludes the
 * folder itself does not count. Links are named but not followed, and each folder is held open while its
 * entries are looked at.
 */
export async function* walk({
  workspace,
  start,
  maxDepth,
  signal,
  excluding,
}: WalkOptions): AsyncGenerator<WalkEntry> {
  const root = (await workspace.roots()).find((one) => isInside(one, start.path)) ?? start.path;
  const inner = relative(root, start.path);
  let rules = new IgnoreRules();
  const segments = inner === '' ? [] : inner.split('/');
  for (let depth = 0; depth < segments.length; depth += 1) {
    rules = await enter(rules, root, segments.slice(0, depth).join('/'));
  }
  if (inner !== '') rules = rules.within(inner);
  yield* visit(start, '', rules, 1);

  async function* visit(
    folder: Place,
    prefix: string,
    outer: IgnoreRules,
    depth: number,
  ): AsyncGenerator<WalkEntry> {
    signal.throwIfAborted();
    const inRoot = [inner, prefix].filter((part) => part !== '').join('/');
    const current = await enter(outer, root, inRoot);
    const entries = await readdir(folder.self, { withFileTypes: true }).catch(() => []);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      const isFolder = entry.isDirectory();
      const innerPath = inRoot === '' ? entry.name : `${inRoot}/${entry.name}`;
      if (versionControl.has(entry.name)) continue;
      const excludedBy = current.excludedBy(innerPath, isFolder);
      if (excludedBy !== undefined) {
        excluding.add(excludedBy);
        continue;
      }
      const kind = isFolder ? 'folder' : entry.isFile() ? 'file' : 'other';
      yield { path, name: entry.name, kind, folder };
      if (!isFolder || depth >= maxDepth) continue;
      const child = await workspace.openEntry(folder, entry.name);
      if (!child) continue;
      try {
        yield* visit(child, path, current, depth + 1);
      } finally {
        await child.close();
      }
    }
  }
}

/**
 * For an empty result: names the ignore files that excluded something, so that the model does not
 * think that the files are missing.
 */
export function describeExcluded(excluding: ReadonlySet<IgnoreFileName>): string {
  if (excluding.size === 0) return '';
  const names = [...excluding].sort().join(' and ');
  const advice = excluding.has('.gitignore')
    ? ' To search a folder that .gitignore excludes, give it as "path".'
    : '';
  return ` Files that ${names} ${excluding.size > 1 ? 'exclude' : 'excludes'} were left out.${advice}`;
}

async function enter(rules: IgnoreRules, root: string, folder: string): Promise<IgnoreRules> {
  const withGit = await rules.enter(root, folder, '.gitignore');
  return withGit.enter(root, folder, '.synapseignore');
}
