import { dirname } from 'node:path';
import { SynapseError } from './errors/synapse-error.ts';
import { takeFileLock } from './file-lock.ts';
import { removeDeadPartials } from './partial-file.ts';
import { findTarget, writePrivateFile } from './write-private-file.ts';

/**
 * A file can't be written, or its lock can't be taken. The message is the system's error code, such
 * as EACCES.
 */
export class UnwritableFileError extends Error {
  override readonly name = 'UnwritableFileError';
}

/**
 * Changes a file that other processes change, too. No other process changes the file while `change`
 * reads and writes it, so no change of another process is lost. `change` must not call changeFile
 * for the same file. Each `write` replaces the file in one step, readable by its owner alone; a
 * link keeps pointing to it. Throws the errors of `change`, an UnwritableFileError, and a
 * StorageError if another process does not finish its change.
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
