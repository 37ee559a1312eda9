import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileNotFoundError, InvalidDataError } from '@synapse/core';

const MAX_BYTES = 256 << 20;

export interface ImportFile {
  /** Gives the bytes, anew each time. */
  read: () => AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A file that an import may read more than once; what comes through a pipe is put into one first. */
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
  if (status.size > MAX_BYTES) throw tooLarge();
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
    for await (const chunk of source) {
      byteCount += chunk.byteLength;
      if (byteCount > MAX_BYTES) throw tooLarge();
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

function tooLarge(): InvalidDataError {
  return new InvalidDataError('The file is larger than 256 MiB.', {
    hint: 'Export fewer sessions at once, or copy the whole store: synapse db copy.',
  });
}
