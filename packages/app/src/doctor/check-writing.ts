import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { partialPathOf } from '@synapse/core/files';
import { quoteWord } from '@synapse/core/words';
import { fail, ok, type Check } from './check.ts';

export const WRITING = 'writing';
// The initial size of the database's log and its index.
const PROBE_BYTES = 64 * 1024;

/**
 * Writes to the folder of the database, because permissions alone prove nothing: the disk may be
 * full or read-only, a quota may be used up, and root may do anything.
 */
export function checkWriting(path: string, makesFolder: boolean): Check {
  const wanted = dirname(path);
  const folder = makesFolder ? nearestFolder(wanted) : wanted;
  if (!existsSync(folder)) {
    const advice = `Check the spelling, or create the folder: mkdir -p ${quoteWord(folder)}`;
    return fail(
      WRITING,
      `there is no folder ${folder} for the database`,
      advice,
      'SYNAPSE_STORAGE_CANNOT_CREATE',
    );
  }
  try {
    // Not opened, because closing it would release the locks of a conversation that has it open.
    if (existsSync(path)) accessSync(path, constants.W_OK);
    probe(partialPathOf(join(folder, 'probe')));
    return ok(WRITING, `files can be written in ${folder}`);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isFull = code === 'ENOSPC' || code === 'EDQUOT';
    const advice = isFull
      ? 'Free some space: nothing can be stored without it.'
      : 'Make the disk, the folder and the file writable, or choose another place with SYNAPSE_DATABASE_URL.';
    return fail(
      WRITING,
      `the database can't be written in ${folder} (${code})`,
      advice,
      isFull ? 'SYNAPSE_STORAGE_FULL' : 'SYNAPSE_STORAGE_CANNOT_CREATE',
    );
  }
}

/** Named like a partial file, so that the next backup removes it if this process is killed. */
function probe(file: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeSync(descriptor, Buffer.alloc(PROBE_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
}

function nearestFolder(folder: string): string {
  const parent = dirname(folder);
  return existsSync(folder) || parent === folder ? folder : nearestFolder(parent);
}
