import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import type { JsonValue } from '@synapse/core';
import type { HistoryFile } from './history.ts';
import { readText } from './json-document.ts';
import { parseJson } from './tool-values.ts';

const MOST_BYTES = 64 << 20;

/** Whether a tool keeps a file of this name beside the one that is read. */
export async function hasBeside(file: HistoryFile, name: string): Promise<boolean> {
  const folder = dirname(file.path);
  const path = join(folder, name);
  if (!(await isFolder(folder))) return (await findInArchive(file, path)) !== undefined;
  const status = await lstat(path).catch(() => null);
  return status?.isFile() === true;
}

/** The text of a file that a tool keeps near the one that is read; undefined if it is missing or can't be read. */
export async function readBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<string | undefined> {
  const folder = dirname(file.path);
  const path = join(folder, ...names);
  try {
    if (!(await isFolder(folder))) {
      const found = await findInArchive(file, path);
      return found && found.byteLength <= MOST_BYTES ? await readText(found) : undefined;
    }
    const status = await lstat(path);
    return status.isFile() && status.size <= MOST_BYTES ? await readFile(path, 'utf8') : undefined;
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
