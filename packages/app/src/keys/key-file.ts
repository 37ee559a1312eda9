import { rmSync, statSync } from 'node:fs';
import { ConfigError } from '@synapse/core';
import {
  changeFile,
  readRegularFile,
  UnreadableFileError,
  UnwritableFileError,
} from '@synapse/core/files';

const MAX_BYTES = 1024 * 1024;

/** A key, or a mark for a key in the keyring. */
export type KeyRecord = { place: 'file'; key: string } | { place: 'keyring' };
type Keys = Record<string, KeyRecord>;

/**
 * Reads which keys are stored; empty if there is no file. Throws if other users could have read it.
 */
export function readKeyFile(path: string): Keys {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new ConfigError(`Other users can read the keys in ${path}.`, {
        hint: `Replace the keys if others could have seen them; then: chmod 600 ${path}`,
      });
    }
    text = readRegularFile(path, MAX_BYTES).toString();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    const reason = error instanceof UnreadableFileError ? error.message : (code ?? 'unknown');
    throw new ConfigError(`The key file ${path} can't be read (${reason}).`, {
      cause: error,
    });
  }
  try {
    const { keys } = JSON.parse(text) as { keys: Record<string, KeyRecord> };
    return Object.fromEntries(Object.entries(keys).filter(([, record]) => isRecord(record)));
  } catch {
    // The message of the parser would quote the keys.
    throw new ConfigError(`The key file ${path} is damaged.`, {
      hint: 'Remove it, and set the keys again with: synapse keys set <provider>',
    });
  }
}

/**
 * Changes which keys are stored, while no other process does. Removes the file if no key is left.
 */
export async function changeKeyFile(
  path: string,
  change: (keys: Readonly<Keys>) => Promise<Keys>,
): Promise<void> {
  try {
    await changeFile(path, async (write) => {
      const keys = await change(readKeyFile(path));
      if (Object.keys(keys).length === 0) rmSync(path, { force: true });
      else await write(`${JSON.stringify({ v: 1, keys }, null, 2)}\n`);
    });
  } catch (cause) {
    if (!(cause instanceof UnwritableFileError)) throw cause;
    throw new ConfigError(`The key file ${path} can't be written (${cause.message}).`, {
      cause,
    });
  }
}

function isRecord(record: unknown): record is KeyRecord {
  const { place, key } = (record ?? {}) as { place?: unknown; key?: unknown };
  return place === 'keyring' || (place === 'file' && typeof key === 'string');
}
