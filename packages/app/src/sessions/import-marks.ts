import type { Stats } from 'node:fs';
import { hostname } from 'node:os';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HistoryFile } from '@synapse/portability';

// A new version of a reader may find more in the same file.
const READER_VERSION = 1;

export const FILES_PER_QUERY = 500;

/** What a store remembers of a file that was imported. */
export interface ImportMark {
  state: string;
  tool: string | null;
  sessionCount: number;
}

export function parseMark(text: string | undefined): ImportMark | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as ImportMark);
}

/** Many machines may share a store. */
export function placeOf({ path }: HistoryFile): string {
  return `${hostname()}:${resolve(path)}`;
}

export async function stateOf(file: HistoryFile): Promise<string> {
  const log = await logOf(file);
  const own = `${READER_VERSION} ${file.byteLength} ${file.modifiedAt.getTime()}`;
  return log ? `${own} ${log.size} ${log.mtimeMs}` : own;
}

export async function changedAt(file: HistoryFile): Promise<Date> {
  const log = await logOf(file);
  return log && log.mtime > file.modifiedAt ? log.mtime : file.modifiedAt;
}

/** The newest rows of a database may be in its log only. */
async function logOf({ path }: HistoryFile): Promise<Stats | null> {
  return /[.](db|sqlite3?)$/.test(path) ? stat(`${path}-wal`).catch(() => null) : null;
}
