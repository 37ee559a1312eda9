import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { NotPermittedError } from '@synapse/core';
import {
  isGuardedName,
  isGuardedAtRoot,
  isSecretName,
  forbiddenAtRoot,
} from '../workspace/guarded-names.ts';
import { IgnoreRules } from '../workspace/ignore-rules.ts';
import { isInside, resolveMissing } from '../workspace/paths.ts';

const MAX_ENTRIES = 100_000;

/** The identity of a file that programs obey, to notice when something else replaces it. */
export interface GuardedFile {
  /** Its inode and creation time, because the number of a removed file is soon reused. */
  identity: string;
  /** The target, if it is a link. */
  link: string | null;
}

/** The parts of the writable folders that a sandbox has to guard. */
export interface Guards {
  /** Paths that stay readable. */
  readOnly: string[];
  hiddenFiles: string[];
  hiddenFolders: string[];
  /** Paths that stay writable but can't be moved away. */
  pinned: string[];
  /** Paths that do not exist and must not be created: a command that creates one is stopped. */
  absent: string[];
  /**
   * More paths that do not exist. A command that creates one continues, and the file is moved aside
   * afterwards.
   */
  unwanted: string[];
  /** The names at the top of each folder, to notice new ones; null for names that no program obeys. */
  before: Map<string, Map<string, GuardedFile | null>>;
  /** Notes for the user. */
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
    before: new Map(),
    notes: [],
  };
  let entriesLeft = maxEntries;
  // Level by level, so that one folder full of files does not use up the limit of its neighbours.
  const folders = roots.map((root) => ({ root, folder: root, outer: new IgnoreRules() }));
  for (const { root, folder, outer } of folders) {
    if (entriesLeft <= 0) {
      guards.notes.push(
        `There are more than ${maxEntries} files here, so commands could read secret files in deep folders.`,
      );
      break;
    }
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    entriesLeft -= entries.length;
    if (folder === root) {
      guards.before.set(root, await namesIn(root, entries));
      const names = new Set(entries.map(({ name }) => name.toLowerCase()));
      guards.absent.push(
        ...forbiddenAtRoot.filter((name) => !names.has(name)).map((name) => join(root, name)),
      );
    }
    const rules = await outer.enter(root, relative(root, folder), '.synapseignore');
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const inner = relative(root, path);
      if (leadsOut(entry)) guards.hiddenFiles.push(path);
      else if (entry.name === '.git' && entry.isDirectory()) await guardRepository(path, guards);
      else if (isSecretName(inner) || rules.excludedBy(inner, entry.isDirectory())) {
        await hide(path, entry, guards, roots);
      } else if (isGuardedName(inner)) {
        guards.readOnly.push(path);
        if (entry.isSymbolicLink()) guards.unwanted.push(...(await missingTarget(path, roots)));
      } else if (entry.isDirectory() && entry.name !== 'node_modules') {
        folders.push({ root, folder: path, outer: rules });
      }
    }
  }
  for (const path of protectedPaths.filter((one) => roots.some((root) => isInside(root, one)))) {
    const stats = await stat(path).catch(() => undefined);
    if (!stats) {
      // SQLite itself creates and removes a journal beside a database that has no write-ahead log.
      const database = path.replace(/-(wal|shm|journal)$/, '');
      const hasLog = await stat(`${database}-wal`).catch(() => undefined);
      if (database === path || hasLog) guards.absent.push(path);
    } else (stats.isDirectory() ? guards.hiddenFolders : guards.hiddenFiles).push(path);
  }
  return guards;
}

async function hide(
  path: string,
  entry: Dirent,
  guards: Guards,
  roots: readonly string[],
): Promise<void> {
  // A mount would follow the link, so its target is hidden, if it is reachable at all.
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined || !roots.some((root) => isInside(root, real))) return;
  const isFolder = entry.isDirectory() || (await stat(real)).isDirectory();
  (isFolder ? guards.hiddenFolders : guards.hiddenFiles).push(real);
}

async function namesIn(
  root: string,
  entries: readonly Dirent[],
): Promise<Map<string, GuardedFile | null>> {
  const named = entries.map(async (entry): Promise<[string, GuardedFile | null]> => {
    if (!isGuardedAtRoot(entry.name)) return [entry.name, null];
    const path = join(root, entry.name);
    const stats = await lstat(path, { bigint: true }).catch(() => undefined);
    const link = entry.isSymbolicLink() ? await readlink(path).catch(() => null) : null;
    return [entry.name, stats ? { identity: identityOf(stats), link } : null];
  });
  return new Map(await Promise.all(named));
}

export function identityOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${birthtimeNs}`;
}

/** A broken link cannot be mounted over; a process that creates its target fills the link. */
async function missingTarget(path: string, roots: readonly string[]): Promise<string[]> {
  if (await stat(path).catch(() => undefined)) return [];
  const target = await readlink(path).then(
    (text) => resolveMissing(resolve(dirname(path), text)),
    () => null,
  );
  return target !== null && roots.some((root) => isInside(root, target)) ? [target] : [];
}

/** Behind a socket or a pipe is a program without a sandbox. */
function leadsOut(entry: Dirent): boolean {
  return entry.isSocket() || entry.isFIFO();
}

/** Git runs programs that its configuration and hooks name; commits and branches stay possible. */
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
    // A link could be replaced by something else.
    guards.readOnly.push(path);
    return;
  }
  guards.pinned.push(path);
  guards.hiddenFiles.push(...entries.filter(leadsOut).map(({ name }) => join(path, name)));
  guards.readOnly.push(...found.map(({ name }) => join(path, name)));
  const names = new Set(found.map(({ name }) => name));
  const missing = (wanted: readonly string[]) =>
    wanted.filter((name) => !names.has(name)).map((name) => join(path, name));
  guards.absent.push(...missing(['hooks', 'commondir', 'config', 'config.worktree']));
  // Not "worktrees": the user may add the first one in the meantime, and it has an effect only
  // inside itself.
  guards.unwanted.push(...missing(['info', 'modules']));
}

export function tooManyGuards(): NotPermittedError {
  return new NotPermittedError('There are too many guarded files here for a sandbox.', {
    hint: 'Start Synapse in a smaller folder.',
  });
}
