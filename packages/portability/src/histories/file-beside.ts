import { lstat, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
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
  const files = (await file.around?.()) ?? [];
  const name = basename(path);
  return files.find((one) => one.path.endsWith(name) && normalize(one.path) === path);
}

/** The same for a JSON file; undefined also if it is damaged. */
export async function readJsonBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<JsonValue | undefined> {
  const text = await readBeside(file, ...names);
  return text === undefined ? undefined : parseJson(text);
}
