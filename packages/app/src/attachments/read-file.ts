import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { FileNotFoundError, InvalidDataError, SynapseError } from '@synapse/core';
import { readLimited } from './read-limited.ts';

/** The content of a file; reads a named pipe, as `<(…)` in a shell creates, to its end. */
export async function readFileLimited(path: string, maxBytes: number): Promise<Buffer> {
  try {
    return await readLimited(createReadStream(path), basename(path), maxBytes);
  } catch (error) {
    throw toFileError(error, path);
  }
}

function toFileError(error: unknown, path: string): unknown {
  if (error instanceof SynapseError) return error;
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new FileNotFoundError(`There is no file "${path}".`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new FileNotFoundError(`"${path}" cannot be read: permission denied.`, {
        hint: 'Change its permissions, or attach a copy.',
        cause: error,
      });
    case 'EISDIR':
      return new InvalidDataError(`"${path}" is a folder.`, {
        hint: 'Name the files in it, each with its own -f.',
        cause: error,
      });
    case undefined:
      return error;
    default:
      return new FileNotFoundError(`"${path}" cannot be read (${code}).`, { cause: error });
  }
}
