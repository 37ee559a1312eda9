import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FileNotFoundError, InvalidDataError } from '@synapse/core';
import type { HistoryFile, Skip } from './history.ts';

/**
 * The file at a path, or all files of a folder. Links inside a folder are not followed, so that no folder is read twice
 * or leads outside. `skip` gets the folders below that can't be read.
 */
export async function* historyFilesIn(path: string, skip: Skip): AsyncGenerator<HistoryFile> {
  const status = await stat(path).catch((cause: unknown) => {
    const isMissing = codeOf(cause) === 'ENOENT';
    const reason = isMissing ? `There is no file or folder "${path}".` : unreadable(path, cause);
    throw new FileNotFoundError(reason, { cause });
  });
  if (status.isFile()) yield diskFile(path, status);
  else if (status.isDirectory()) yield* filesBelow(path, skip);
  else throw new FileNotFoundError(`"${path}" is neither a file nor a folder.`);
}

async function* filesBelow(folder: string, skip: Skip): AsyncGenerator<HistoryFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    skip(folder, unreadable('the folder', error), true);
    return [];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, skip);
    // A file may be gone by now.
    const status = entry.isFile() ? await stat(path).catch(() => null) : null;
    if (status) yield diskFile(path, status);
  }
}

export function diskFile(
  path: string,
  { size, mtime }: { size: number; mtime: Date },
): HistoryFile {
  return {
    ...{ path, byteLength: size, modifiedAt: mtime },
    bytes: () => createReadStream(path),
    around: (levelsUp = 0) => filesAround(path, levelsUp),
  };
}

async function filesAround(path: string, levelsUp: number): Promise<HistoryFile[]> {
  let folder = dirname(resolve(path));
  for (let level = 0; level < levelsUp; level += 1) folder = dirname(folder);
  const files: HistoryFile[] = [];
  for await (const file of filesBelow(folder, () => undefined)) files.push(file);
  return files;
}

/** The files in an archive, the content of a compressed file, or the file itself. */
export async function* unpack(file: HistoryFile, skip: Skip): AsyncGenerator<HistoryFile> {
  const magic = (await beginningOf(file, 4)).toString('latin1');
  if (magic === 'PK\u0003\u0004') {
    const { filesInZip } = await import('./zip-archive.ts');
    yield* filesInZip(file, skip);
  } else if (magic === '(\u00b5/\u00fd') {
    const { unzstd } = await import('./zstd-file.ts');
    yield unzstd(file);
  } else yield file;
}

export async function beginningOf(file: HistoryFile, byteLength: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.bytes()) {
    pieces.push(chunk);
    length += chunk.byteLength;
    if (length >= byteLength) break;
  }
  return Buffer.concat(pieces).subarray(0, byteLength);
}

/** Passes on errors of Synapse; one of the system means that this file can't be read. */
export function toUnreadable(error: unknown): InvalidDataError {
  if (error instanceof InvalidDataError) return error;
  if (error instanceof RangeError) {
    return new InvalidDataError('a record is nested too deeply', { cause: error });
  }
  if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  return new InvalidDataError(unreadable('the file', error), { cause: error });
}

function unreadable(what: string, error: unknown): string {
  return `${what} can't be read (${codeOf(error)})`;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
