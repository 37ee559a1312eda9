import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * The path leads to a pipe, a socket or a folder, or the file has no end. The message completes a
 * sentence.
 */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/**
 * Reads a file that the user named, whole, up to a limit of bytes. It never waits: it refuses
 * pipes, and devices that contain data. Throws an UnreadableFileError, or the error of the system.
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  // Opening a named pipe would wait for a writer.
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
