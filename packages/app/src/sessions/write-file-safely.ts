import { randomUUID } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StorageError } from '@synapse/core';
import { isReplaceableFile, realPathOf } from './replaceable-file.ts';

export interface SafeWriteOptions {
  /** Whether an existing file may be replaced. */
  isForced: boolean;
  /** When aborted, no file is left behind. */
  signal: AbortSignal;
}

/**
 * Writes a file that is complete or absent, for its owner only, and never replaces another file
 * unless forced. Returns the number of bytes.
 */
export async function writeFileSafely(
  path: string,
  chunks: AsyncIterable<string>,
  { isForced, signal }: SafeWriteOptions,
): Promise<number> {
  if (isForced && !isReplaceableFile(path)) {
    throw new StorageError(`${path} is not a regular file; it is left unchanged.`, {
      reason: 'cannot-create',
      hint: 'Without --output, the export goes to stdout.',
    });
  }
  const target = isForced ? realPathOf(path) : path;
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
  try {
    const byteSize = await writeDraft(draft, chunks, signal);
    if (isForced) await rename(draft, target);
    else await putInPlace(draft, target);
    return byteSize;
  } catch (error) {
    throw toError(path, error);
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** A link, unlike a rename, never replaces a file; without links, the name is reserved first. */
async function putInPlace(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    if (!NO_LINKS.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await (await open(path, 'wx', 0o600)).close();
    await rename(draft, path);
  }
}

async function writeDraft(
  path: string,
  chunks: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<number> {
  const file = await open(path, 'wx', 0o600);
  try {
    let byteSize = 0;
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      const bytes = Buffer.from(chunk);
      await file.writeFile(bytes);
      byteSize += bytes.byteLength;
    }
    await file.sync();
    return byteSize;
  } finally {
    await file.close();
  }
}

const troubles: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'the folder is not writable',
  EPERM: 'the folder is not writable',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
};

function toError(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EEXIST') {
    const hint = 'Choose another name, or remove that file; sessions export --force replaces it.';
    return new StorageError(`${path} already exists.`, { reason: 'cannot-create', hint });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const text = `${path} could not be written: the disk is full.`;
    return new StorageError(text, { reason: 'full', cause: error });
  }
  const trouble = code === undefined ? undefined : troubles[code];
  if (trouble !== undefined) {
    const text = `${path} can't be written: ${trouble} (${code}).`;
    return new StorageError(text, { reason: 'cannot-create', cause: error });
  }
  return error;
}
