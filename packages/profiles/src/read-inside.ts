import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { FileNotFoundError } from '@synapse/core';
import { readRegularFile, UnreadableFileError } from '@synapse/core/files';
import { FileProblem } from './file-problem.ts';

export const MAX_BYTES = 256 * 1024;

export interface FileText {
  /** Without a byte order mark, and with plain line ends. */
  text: string;
  sha256: string;
}

/**
 * Reads a file that lies in the folder once all links are followed. Throws FileNotFoundError, or a
 * FileProblem if it lies elsewhere, is too large, or is not text.
 */
export function readInside(path: string, folder: string): FileText {
  const bytes = readBytes(path, folder);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileProblem(path, null, 'it is not UTF-8 text.');
  }
  if (text.includes('\0')) throw new FileProblem(path, null, 'it is not text.');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { text: text.replaceAll(/\r\n?/g, '\n'), sha256 };
}

function readBytes(path: string, folder: string): Buffer {
  try {
    const target = realpathSync(path);
    if (!isInside(target, realpathSync(folder))) {
      throw new FileProblem(path, null, `it lies outside of "${folder}".`);
    }
    return readRegularFile(target, MAX_BYTES);
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    if (error instanceof UnreadableFileError) throw new FileProblem(path, null, toReason(error));
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FileNotFoundError(`The file "${path}" does not exist.`, { cause: error });
    }
    throw new FileProblem(path, null, `it can't be read (${code}).`);
  }
}

function toReason({ message }: UnreadableFileError): string {
  return message.startsWith('it is larger') ? 'it is larger than 256 kB.' : `${message}.`;
}

/** Whether a path without links is the folder, or lies in it. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
