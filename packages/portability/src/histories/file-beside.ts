import { lstat, stat } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { JsonValue } from '@synapse/core';
import { diskFile } from './history-files.ts';
import type { HistoryFile } from './history.ts';
import { readText } from './json-document.ts';
import { parseJson } from './tool-values.ts';

const MOST_BYTES = 64 << 20;

/** The file of this name that a tool keeps near the one that is read; undefined if it is missing. */
export async function findBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<HistoryFile | undefined> {
  const folder = dirname(file.path);
  const path = join(folder, ...names);
  if (!(await isFolder(folder))) return findInArchive(file, path);
  const status = await lstat(path).catch(() => null);
  return status?.isFile() ? diskFile(path, status) : undefined;
}

/** Whether there is a file or a folder at a path, on the disk or in the archive of a file. */
export async function isBeside(file: HistoryFile, path: string): Promise<boolean> {
  if (await isFolder(dirname(file.path))) return (await lstat(path).catch(() => null)) !== null;
  return (await firstInArchive(file, normalize(path))) !== undefined;
}

/** The text of such a file; undefined also if it can't be read. */
export async function readBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<string | undefined> {
  try {
    const found = await findBeside(file, ...names);
    return found && found.byteLength <= MOST_BYTES ? await readText(found) : undefined;
  } catch {
    return undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  return status?.isDirectory() === true;
}

async function findInArchive(file: HistoryFile, path: string): Promise<HistoryFile | undefined> {
  const found = await firstInArchive(file, path);
  return found?.path === path + sep ? found.file : undefined;
}

interface ArchivedFile {
  /** With a separator at its end, so that the files of a folder come after its own path. */
  path: string;
  file: HistoryFile;
}

const sortedArchives = new WeakMap<readonly HistoryFile[], readonly ArchivedFile[]>();

/**
 * The file at a path in the archive of a file, or the first in the folder there. Each file may ask, so that the archive
 * is sorted once.
 */
async function firstInArchive(file: HistoryFile, path: string): Promise<ArchivedFile | undefined> {
  const files = (await file.around?.()) ?? [];
  const sorted = sortedArchives.get(files) ?? sortedByPath(files);
  sortedArchives.set(files, sorted);
  const wanted = path + sep;
  let low = 0;
  for (let high = sorted.length; low < high;) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.path ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found?.path.startsWith(wanted) ? found : undefined;
}

function sortedByPath(files: readonly HistoryFile[]): ArchivedFile[] {
  const all = files.map((file) => ({ path: normalize(file.path) + sep, file }));
  return all.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

type Folders = ReadonlyMap<string, readonly HistoryFile[]>;
const foldersOfArchives = new WeakMap<readonly HistoryFile[], Folders>();

/** The files in a folder of the archive of a file. Each history may ask, so that the archive is sorted once. */
export async function filesInArchive(
  file: HistoryFile,
  folder: string,
): Promise<readonly HistoryFile[]> {
  const files = (await file.around?.()) ?? [];
  const folders = foldersOfArchives.get(files) ?? foldersIn(files);
  foldersOfArchives.set(files, folders);
  return folders.get(folder) ?? [];
}

function foldersIn(files: readonly HistoryFile[]): Folders {
  const folders = new Map<string, HistoryFile[]>();
  for (const file of files) {
    const folder = dirname(normalize(file.path));
    const known = folders.get(folder);
    if (known) known.push(file);
    else folders.set(folder, [file]);
  }
  return folders;
}

/** The same for a JSON file; undefined also if it is damaged. */
export async function readJsonBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<JsonValue | undefined> {
  const text = await readBeside(file, ...names);
  return text === undefined ? undefined : parseJson(text);
}
