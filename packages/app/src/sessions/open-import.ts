import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileNotFoundError, InvalidDataError } from '@synapse/core';
import { isNdjsonExport } from '@synapse/portability';

/** The limit for JSON, because one large object cannot be read in little memory. */
export const MOST_JSON_BYTES = 256 << 20;
const HEAD_LENGTH = 1024;

export interface ImportFile {
  /** Opens the bytes again on each call. */
  read: () => AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A file that an import may read more than once; piped input is first stored in a file. */
export async function openImport(path: string, stdin: AsyncIterable<Buffer>): Promise<ImportFile> {
  if (path === '-') return spool(stdin);
  const status = await stat(path).catch((error: unknown) => {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT';
    throw new FileNotFoundError(
      isMissing ? `There is no file "${path}".` : `${path} can't be read (${code}).`,
      { cause: error },
    );
  });
  if (status.isDirectory()) throw new FileNotFoundError(`${path} is a folder, not a file.`);
  if (!status.isFile()) return spool(bytesOf(path));
  if (status.size > MOST_JSON_BYTES && !(await startsAsNdjson(path))) throw tooLarge();
  return { read: () => bytesOf(path), close: async () => undefined };
}

async function spool(source: AsyncIterable<Uint8Array>): Promise<ImportFile> {
  const folder = await mkdtemp(join(tmpdir(), 'synapse-import-'));
  const close = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'import.json');
  try {
    await copyLimited(source, await open(path, 'wx', 0o600));
  } catch (error) {
    await close();
    throw error;
  }
  return { read: () => bytesOf(path), close };
}

async function copyLimited(source: AsyncIterable<Uint8Array>, file: FileHandle): Promise<void> {
  try {
    let byteCount = 0;
    let head = '';
    for await (const chunk of source) {
      byteCount += chunk.byteLength;
      if (head.length < HEAD_LENGTH) head += Buffer.from(chunk).toString('latin1', 0, HEAD_LENGTH);
      if (byteCount > MOST_JSON_BYTES && !isNdjsonExport(head)) throw tooLarge();
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new FileNotFoundError(`${path} can't be read (${code}).`, { cause: error });
  }
}

async function startsAsNdjson(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_LENGTH), 0, HEAD_LENGTH, 0);
    return isNdjsonExport(buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
}

/** The error for a larger file of the format `json`. */
export function tooLarge(): InvalidDataError {
  return new InvalidDataError('The file is larger than 256 MiB, which is too much for JSON.', {
    hint: 'Export it again with --format ndjson, which has no limit, or copy the whole store: synapse db copy.',
  });
}
