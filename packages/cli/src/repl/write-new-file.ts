import { createWriteStream } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StorageError } from '@synapse/core';

/** Writes a file of its owner alone; one that is there is left alone. */
export async function writeNewFile(
  path: string,
  texts: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const file = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  try {
    await pipeline(Readable.from(texts), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    // What is no fault of the file was thrown by whoever made the text.
    if (code === undefined || code.startsWith('SYNAPSE_')) throw error;
    const isThere = code === 'EEXIST';
    throw new StorageError(
      isThere ? `"${path}" is there already.` : `"${path}" can't be written (${code}).`,
      {
        reason: code === 'ENOSPC' ? 'full' : 'cannot-create',
        hint: isThere ? 'Name another file, or remove that one.' : 'Name another place.',
        cause: error,
      },
    );
  }
}
