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

/** The newest rows of a database may be in its log only. */
export async function stateOf({ path, byteLength, modifiedAt }: HistoryFile): Promise<string> {
  const log = /[.](db|sqlite3?)$/.test(path) ? await stat(`${path}-wal`).catch(() => null) : null;
  const own = `${READER_VERSION} ${byteLength} ${modifiedAt.getTime()}`;
  return log ? `${own} ${log.size} ${log.mtimeMs}` : own;
}
