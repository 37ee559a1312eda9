import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { NotPermittedError } from '@synapse/core';
import { guardedAtRoot, isGuardedName, isSecretName } from '../workspace/guarded-names.ts';
import { IgnoreRules } from '../workspace/ignore-rules.ts';
import { isInside } from '../workspace/paths.ts';

const MAX_ENTRIES = 100_000;

/** What of the writable folders a sandbox must not leave as it is. */
export interface Guards {
  /** Stay readable. */
  readOnly: string[];
  hiddenFiles: string[];
  hiddenFolders: string[];
  /** Stay writable but can't be moved away. */
  pinned: string[];
  /** Do not exist and must not come to be. */
  absent: string[];
  /** As `absent`, but nothing can be put in their place meanwhile: they are looked for afterwards. */
  unwanted: string[];
  /** The names in each of the folders, to see afterwards what has come to be. */
  atRoot: Map<string, Set<string>>;
  /** What the person should know of. */
  notes: string[];
}

export async function findGuards(
  roots: readonly string[],
  protectedPaths: readonly string[],
  maxEntries = MAX_ENTRIES,
): Promise<Guards> {
  if (roots.includes('/')) {
    throw new NotPermittedError('The root of the file system cannot be put in a sandbox.', {
      hint: 'Start Synapse in the folder of a project.',
    });
  }
  const guards: Guards = {
    readOnly: [],
    hiddenFiles: [],
    hiddenFolders: [],
    pinned: [],
    absent: [],
    unwanted: [],
    atRoot: new Map(),
    notes: [],
  };
  let entriesLeft = maxEntries;
  // Level by level, so that a folder full of files takes nothing away from those beside it.
  const folders = roots.map((root) => ({ root, folder: root, outer: new IgnoreRules() }));
  for (const { root, folder, outer } of folders) {
    if (entriesLeft <= 0) {
      guards.notes.push(
        `There are more than ${maxEntries} files here: what is secret far down could be read by commands.`,
      );
      break;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entriesLeft -= entries.length;
    if (folder === root) {
      guards.atRoot.set(root, new Set(entries.map(({ name }) => name)));
      const names = new Set(entries.map(({ name }) => name.toLowerCase()));
      guards.absent.push(
        ...guardedAtRoot.filter((name) => !names.has(name)).map((name) => join(root, name)),
      );
    }
    const rules = await outer.enter(root, relative(root, folder), '.synapseignore');
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const inner = relative(root, path);
      if (leadsOut(entry)) guards.hiddenFiles.push(path);
      else if (entry.name === '.git' && entry.isDirectory()) await guardRepository(path, guards);
      else if (isSecretName(inner) || rules.excludes(inner, entry.isDirectory())) {
        await hide(path, entry, guards, roots);
      } else if (isGuardedName(inner)) guards.readOnly.push(path);
      else if (entry.isDirectory() && entry.name !== 'node_modules') {
        folders.push({ root, folder: path, outer: rules });
      }
    }
  }
  for (const path of protectedPaths.filter((one) => roots.some((root) => isInside(root, one)))) {
    const stats = await stat(path).catch(() => undefined);
    if (!stats) guards.absent.push(path);
    else (stats.isDirectory() ? guards.hiddenFolders : guards.hiddenFiles).push(path);
  }
  return guards;
}

async function hide(
  path: string,
  entry: Dirent,
  guards: Guards,
  roots: readonly string[],
): Promise<void> {
  // A mount would follow the link: what it leads to is hidden, as far as it can be reached at all.
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !roots.some((root) => isInside(root, real))) return;
  const isFolder = entry.isDirectory() || (await stat(real)).isDirectory();
  (isFolder ? guards.hiddenFolders : guards.hiddenFiles).push(real);
}

/** Behind a socket or a pipe is a program that is in no sandbox. */
function leadsOut(entry: Dirent): boolean {
  return entry.isSocket() || entry.isFIFO();
}

/** Git runs what its configuration and hooks say; commits and branches stay possible. */
async function guardRepository(path: string, guards: Guards): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const trusted = [
    'config',
    'config.worktree',
    'hooks',
    'info',
    'modules',
    'worktrees',
    'commondir',
  ];
  const found = entries.filter(({ name }) => trusted.includes(name));
  if (found.some((entry) => entry.isSymbolicLink())) {
    // A link could be exchanged for something else.
    guards.readOnly.push(path);
    return;
  }
  guards.pinned.push(path);
  guards.hiddenFiles.push(...entries.filter(leadsOut).map(({ name }) => join(path, name)));
  guards.readOnly.push(...found.map(({ name }) => join(path, name)));
  const names = new Set(found.map(({ name }) => name));
  guards.absent.push(
    ...['hooks', 'info', 'modules', 'worktrees']
      .filter((name) => !names.has(name))
      .map((name) => join(path, name)),
  );
  guards.unwanted.push(
    ...['commondir', 'config', 'config.worktree']
      .filter((name) => !names.has(name))
      .map((name) => join(path, name)),
  );
}

export function tooManyGuards(): NotPermittedError {
  return new NotPermittedError('There are too many guarded files here for a sandbox.', {
    hint: 'Start Synapse in a smaller folder.',
  });
}
