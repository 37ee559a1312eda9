import { basename } from 'node:path';
import { InvalidDataError } from '@synapse/core';
import { findBeside } from './file-beside.ts';
import { beginningOf } from './history-files.ts';
import type { History, HistoryFile, Skip } from './history.ts';
import { SqliteSource } from './sqlite-source.ts';

const HEADER = 'SQLite format 3\0';
const HEADER_BYTES = 100;

/** The name of a database, and a column of each table by which it is recognised. */
export interface DatabaseShape {
  name: RegExp;
  columns: Readonly<Record<string, string>>;
}

/**
 * Whether a file is a database of this shape. The name decides for a database that is too damaged to have tables.
 */
export async function isDatabaseWith(
  file: HistoryFile,
  beginning: string,
  { name, columns }: DatabaseShape,
): Promise<boolean> {
  if (!beginning.startsWith(HEADER)) return false;
  const found = await tablesOf(file);
  if (!found) return name.test(basename(file.path));
  return Object.entries(columns).every(([table, column]) => found.get(table)?.includes(column));
}

const tablesOfFiles = new WeakMap<HistoryFile, Promise<ReadonlyMap<string, string> | null>>();

/** Null if they can't be read. Every format asks, but the file is opened once. */
function tablesOf(file: HistoryFile): Promise<ReadonlyMap<string, string> | null> {
  const known = tablesOfFiles.get(file);
  if (known) return known;
  const tables = SqliteSource.open(file).then(
    async (source) => {
      await source.close();
      return source.tables;
    },
    (error: unknown) => {
      if (error instanceof InvalidDataError) return null;
      throw error;
    },
  );
  tablesOfFiles.set(file, tables);
  return tables;
}

/** How the conversations of a database are found and read. */
export interface DatabaseReader {
  /** The ids of the conversations, in their order. */
  list(source: SqliteSource): Promise<string[]>;
  /** Reads one conversation, as it is at one moment; null if it has no messages. */
  read(source: SqliteSource, id: string): Promise<History | null>;
}

/** A format makes a reader for each file, because some readers remember what they have listed. */
export type MakeReader = (skip: Skip, file: HistoryFile) => DatabaseReader;

/** Each conversation is read in a transaction of its own, and one that can't be read is skipped. */
export async function* readDatabase(
  file: HistoryFile,
  skip: Skip,
  makeReader: MakeReader,
): AsyncGenerator<History> {
  await refuseCutOff(file);
  const reader = makeReader(skip, file);
  const source = await SqliteSource.open(file);
  try {
    for (const id of await source.atOneMoment(() => reader.list(source))) {
      let history: History | null = null;
      try {
        history = await source.atOneMoment(() => reader.read(source, id));
      } catch (error) {
        if (!(error instanceof InvalidDataError)) throw error;
        skip(`session ${id}`, error.message, true);
      }
      if (history) yield history;
    }
  } finally {
    await source.close();
  }
}

/** SQLite reads zeros where the end of a file is missing, and would give them as the content of messages. */
async function refuseCutOff(file: HistoryFile): Promise<void> {
  const header = await beginningOf(file, HEADER_BYTES);
  if (header.byteLength < HEADER_BYTES) return;
  const pageSize = header.readUInt16BE(16) === 1 ? 1 << 16 : header.readUInt16BE(16);
  const byteLength = pageSize * header.readUInt32BE(28);
  // An old version of SQLite, or one that is just writing, has not noted the number of pages.
  const isNoted = header.readUInt32BE(24) === header.readUInt32BE(92);
  const log = await findBeside(file, `${basename(file.path)}-wal`);
  if (!isNoted || log?.byteLength || byteLength <= file.byteLength) return;
  throw new InvalidDataError(
    `the database is cut off: it has ${file.byteLength} of ${byteLength} bytes`,
  );
}

/** The number of conversations in a database, without reading them. */
export async function countConversations(
  file: HistoryFile,
  makeReader: MakeReader,
): Promise<number> {
  const reader = makeReader(() => undefined, file);
  const source = await SqliteSource.open(file);
  try {
    return (await reader.list(source)).length;
  } finally {
    await source.close();
  }
}
