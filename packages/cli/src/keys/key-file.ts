import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, readOrdinaryFile, UnreadableFileError } from '@synapse/core';

const MAX_BYTES = 1024 * 1024;

/** A key, or the word that the keyring has it. */
export type KeyRecord = { place: 'file'; key: string } | { place: 'keyring' };

/** Reads which keys are kept; none where there is no file. Throws where others could have read it. */
export function readKeyFile(path: string): Record<string, KeyRecord> {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new ConfigError(`Others may read the keys in ${path}.`, {
        hint: `Replace the keys if others could have seen them; then: chmod 600 ${path}`,
      });
    }
    text = readOrdinaryFile(path, MAX_BYTES).toString();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    const reason = error instanceof UnreadableFileError ? error.message : (code ?? 'unknown');
    throw new ConfigError(`The file of the keys ${path} can't be read (${reason}).`, {
      cause: error,
    });
  }
  try {
    const { keys } = JSON.parse(text) as { keys: Record<string, KeyRecord> };
    return Object.fromEntries(Object.entries(keys).filter(([, record]) => isRecord(record)));
  } catch {
    // What the parser says would quote the keys.
    throw new ConfigError(`The file of the keys ${path} is damaged.`, {
      hint: 'Remove it, and set the keys again with: synapse keys set <provider>',
    });
  }
}

/** Writes beside it and renames, so that there is never half of it, and nobody else may read it. */
export function writeKeyFile(path: string, keys: Readonly<Record<string, KeyRecord>>): void {
  if (Object.keys(keys).length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const partial = `${path}.partial-${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify({ v: 1, keys }, null, 2)}\n`;
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(partial, path);
  } catch (cause) {
    rmSync(partial, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigError(`The file of the keys ${path} can't be written (${code ?? 'unknown'}).`, {
      cause,
    });
  }
}

function isRecord(record: unknown): record is KeyRecord {
  const { place, key } = (record ?? {}) as { place?: unknown; key?: unknown };
  return place === 'keyring' || (place === 'file' && typeof key === 'string');
}
