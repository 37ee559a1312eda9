import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError, StorageError } from '@synapse/core';
import { mayReplace, realPathOf } from '../output/may-replace.ts';

/** The text of the settings file; empty where there is none. */
export function readSettingsText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new ConfigError(`${file}: can't be read (${code ?? 'unknown'})`, { cause });
  }
}

/** Writes beside it and renames: nobody sees half of it, and it stays with its owner alone. */
export function writeSettingsText(file: string, text: string): void {
  // A link, as people keep for their settings, stays one.
  const target = realPathOf(file);
  if (!mayReplace(target)) {
    throw new StorageError(`${file} is no ordinary file; it stays as it is.`, {
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
