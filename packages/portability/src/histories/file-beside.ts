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

const knownPaths = new WeakMap<readonly HistoryFile[], Map<string, boolean>>();

/** Whether there is a file or a folder at a path, on the disk or in the archive of a file. Many files may ask. */
export async function isBeside(file: HistoryFile, path: string): Promise<boolean> {
  if (await isFolder(dirname(file.path))) return (await lstat(path).catch(() => null)) !== null;
  const files = (await file.around?.()) ?? [];
  const known = knownPaths.get(files) ?? new Map<string, boolean>();
  knownPaths.set(files, known);
  const wanted = normalize(path);
  const isThere =
    known.get(wanted) ??
    files.some((one) => `${normalize(one.path)}${sep}`.startsWith(`${wanted}${sep}`));
  known.set(wanted, isThere);
  return isThere;
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
  const files = await filesInArchive(file, dirname(path));
  return files.find((one) => normalize(one.path) === path);
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
