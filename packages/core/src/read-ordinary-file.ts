import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What is there is a pipe, a socket or a folder, or has no end. Says so in words for a sentence. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/**
 * Reads a file that a person has named, whole and no more than so much of it. It never waits: a pipe
 * is refused, and so is a device that has anything to say. Throws an UnreadableFileError, or what the
 * system says.
 */
export function readOrdinaryFile(path: string, maxBytes: number): Buffer {
  // Opening a named pipe would wait for somebody who writes.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw new UnreadableFileError('it is a folder');
    if (!stats.isFile() && !stats.isCharacterDevice()) {
      throw new UnreadableFileError('it is not a regular file');
    }
    const limit = stats.isFile() ? maxBytes : 0;
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(Math.min(64 * 1024, limit + 1 - length));
      const count = readSync(descriptor, chunk, 0, chunk.length, null);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      length += count;
      if (length <= limit) continue;
      throw new UnreadableFileError(
        stats.isFile() ? `it is larger than ${maxBytes / 1024 / 1024} MiB` : 'it is a device',
      );
    }
  } finally {
    closeSync(descriptor);
  }
}
