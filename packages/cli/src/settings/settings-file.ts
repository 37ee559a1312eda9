import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, readOrdinaryFile, StorageError, UnreadableFileError } from '@synapse/core';
import { mayReplace, realPathOf } from '../output/may-replace.ts';

const MAX_BYTES = 1024 * 1024;

/** The text of the settings file; empty where there is none. */
export function readSettingsText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readOrdinaryFile(file, MAX_BYTES));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const reason = cause instanceof UnreadableFileError ? cause.message : (code ?? 'unknown');
    throw new ConfigError(`${file}: can't be read (${reason})`, { cause });
  }
}

/** Writes beside it and renames: nobody sees half of it, and it stays with its owner alone. */
export function writeSettingsText(file: string, text: string): void {
  // A link, as people keep for their settings, stays one.
  const target = realPathOf(file);
  if (!mayReplace(target)) {
    throw new StorageError(`${file} is not a regular file; it is left unchanged.`, {
      reason: 'cannot-create',
      hint: 'Name another file in SYNAPSE_CONFIG.',
    });
  }
  const partial = `${target}.partial-${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(partial, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(partial, target);
  } catch (cause) {
    rmSync(partial, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new StorageError(`${file} can't be written (${code ?? 'unknown'}).`, {
      reason: 'cannot-create',
      cause,
    });
  }
}
