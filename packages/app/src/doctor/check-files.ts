import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { quoteWord, toByteSize } from '@synapse/core/words';
import { fail, ok, warn, type Check } from './check.ts';

const FEW_BYTES = 500_000_000;
const TOO_FEW_BYTES = 20_000_000;

/** Whether only the owner can use the files with sessions or keys. */
export function checkModes(files: readonly string[]): Check[] {
  return files.flatMap((file) => {
    if (!existsSync(file) || process.platform === 'win32') return [];
    const { mode } = statSync(file);
    const shown = `${file} (${(mode & 0o777).toString(8)})`;
    return (mode & 0o077) === 0
      ? [ok('file mode', shown)]
      : [warn('file mode', `other users can access ${shown}`, `chmod go-rwx ${quoteWord(file)}`)];
  });
}

/** The free space of the folder, even before the folder exists. */
export function checkSpace(folder: string): Check {
  try {
    const { bavail, bsize } = statfsSync(folder);
    const bytes = bavail * bsize;
    const text = `${toByteSize(bytes)} free for ${folder}`;
    const advice = 'Free some space; synapse db vacuum frees the space of removed data.';
    if (bytes < TOO_FEW_BYTES) return fail('disk', text, advice, 'SYNAPSE_STORAGE_FULL');
    return bytes < FEW_BYTES ? warn('disk', text, advice) : ok('disk', text);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? ok('disk', 'not known') : checkSpace(parent);
  }
}
