import { FileNotFoundError, InvalidDataError } from '@synapse/core';

const meanings: Readonly<Record<string, string>> = {
  EACCES: 'the permission is missing',
  EPERM: 'it is not permitted',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'a name is too long',
  ENOTDIR: 'a part of the path is not a folder',
  E2BIG: 'the command is too long',
  EMFILE: 'too many files are open',
};

/** Describes an error of the system so that the model can react; any other error is a bug and is rethrown. */
export function toToolError(error: unknown, tool: string): unknown {
  const { code = '', path, syscall } = Object(error) as NodeJS.ErrnoException;
  if (syscall === undefined) return error;
  if (code === 'ENOENT' && syscall !== 'spawn') {
    return new FileNotFoundError(`"${tool}" failed: a file or folder is missing.`, {
      cause: error,
    });
  }
  const meaning = meanings[code] ?? `the system reported ${code}`;
  const place = path === undefined || path.startsWith('/proc/') ? '' : ` ("${path}")`;
  return new InvalidDataError(`"${tool}" failed: ${meaning}${place}.`, { cause: error });
}
