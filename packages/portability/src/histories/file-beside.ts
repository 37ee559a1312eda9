import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { JsonValue } from '@synapse/core';
import type { HistoryFile } from './history.ts';

const MOST_BYTES = 64 << 20;

/** The text of a file that a tool keeps near the one that is read; undefined if it is missing. */
export async function readBeside(
  { path }: HistoryFile,
  ...names: readonly string[]
): Promise<string | undefined> {
  const beside = join(dirname(path), ...names);
  try {
    const status = await lstat(beside);
    return status.isFile() && status.size <= MOST_BYTES
      ? await readFile(beside, 'utf8')
      : undefined;
  } catch {
    return undefined;
  }
}

/** The same for a JSON file; undefined also if it is damaged. */
export async function readJsonBeside(
  file: HistoryFile,
  ...names: readonly string[]
): Promise<JsonValue | undefined> {
  const text = await readBeside(file, ...names);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}
