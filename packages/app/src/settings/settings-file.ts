import { ConfigError, StorageError } from '@synapse/core';
import {
  changeFile,
  readRegularFile,
  UnreadableFileError,
  UnwritableFileError,
} from '@synapse/core/files';
import { isReplaceableFile } from '../sessions/replaceable-file.ts';

const MAX_BYTES = 1024 * 1024;

/** The text of the settings file; empty if there is no file. */
export function readSettingsText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readRegularFile(file, MAX_BYTES));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    const reason = cause instanceof UnreadableFileError ? cause.message : (code ?? 'unknown');
    throw new ConfigError(`${file}: can't be read (${reason})`, { cause });
  }
}

/**
 * Changes the text while no other process does; the file stays readable by its owner alone.
 * Undefined changes nothing.
 */
export async function changeSettingsText(
  file: string,
  change: (text: string) => string | undefined | Promise<string | undefined>,
): Promise<void> {
  if (!isReplaceableFile(file)) {
    throw new StorageError(`${file} is not a regular file; it is left unchanged.`, {
      reason: 'cannot-create',
      hint: 'Name another file in SYNAPSE_CONFIG.',
    });
  }
  try {
    await changeFile(file, async (write) => {
      const text = await change(readSettingsText(file));
      if (text !== undefined) await write(text);
    });
  } catch (cause) {
    if (!(cause instanceof UnwritableFileError)) throw cause;
    throw new StorageError(`${file} can't be written (${cause.message}).`, {
      reason: 'cannot-create',
      cause,
    });
  }
}
