import { dirname } from 'node:path';
import { SynapseError } from './errors/synapse-error.ts';
import { takeFileLock } from './file-lock.ts';
import { removeDeadPartials } from './partial-file.ts';
import { findTarget, writePrivateFile } from './write-private-file.ts';

/** A file can't be written, or its lock can't be taken; the message is the code of the system, such as EACCES. */
export class UnwritableFileError extends Error {
  override readonly name = 'UnwritableFileError';
}

/**
 * Changes a file that other processes change, too. While `change` reads and writes it, no other process changes
 * the file, so that nothing is lost that another wrote. `change` must not call changeFile for the same file.
 *
 * Each `write` replaces the file in one step, readable by its owner alone; a link keeps pointing to it.
 * Throws what `change` throws, an UnwritableFileError, and a StorageError where another process does not
 * end its change.
 */
export async function changeFile<T>(
  path: string,
  change: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const target = await findTarget(path).catch(toUnwritable);
  const release = await takeFileLock(target).catch(toUnwritable);
  try {
    removeDeadPartials(dirname(target));
    return await change((text) => writePrivateFile(target, text).catch(toUnwritable));
  } finally {
    release();
  }
}

function toUnwritable(cause: unknown): never {
  if (cause instanceof SynapseError) throw cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  throw new UnwritableFileError(code ?? message, { cause });
}
