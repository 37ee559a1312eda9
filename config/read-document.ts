import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Problem } from './problem.ts';

const MAX_BYTES = 1024 * 1024;
const NOT_A_REGULAR_FILE = 'ERR_NO_ORDINARY_FILE';

export interface Document {
  text: string;
  value: Record<string, unknown>;
  /** Whether users other than the owner may read the file. */
  isShared: boolean;
}

/** Reads and parses a settings file; undefined if it does not exist. */
export async function readDocument(file: string): Promise<Document | Problem | undefined> {
  const problem = (message: string, line: number | null = null): Problem => ({
    source: file,
    line,
    key: null,
    message,
  });
  let text: string;
  let mode: number;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readLimited(file));
    mode = statSync(file).mode;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return problem('is not UTF-8 text');
    if (code === NOT_A_REGULAR_FILE) return problem('is a named pipe, not a regular file');
    if (code === 'ERR_FS_FILE_TOO_LARGE') return problem('is larger than 1 MiB');
    return problem(`can't be read (${code ?? String(error)})`);
  }
  const { parse, TomlError } = await import('smol-toml');
  try {
    const isShared = process.platform !== 'win32' && (mode & 0o077) !== 0;
    return { text, value: parse(text), isShared };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = 'is not TOML'] = error.message.split('\n');
    return problem(reason.replace(/^Invalid TOML document: /, 'is not TOML: '), error.line);
  }
}

/** A device may be endless, and a named pipe may have no writer. */
function readLimited(file: string): Buffer {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (fstatSync(descriptor).isFIFO())
      throw Object.assign(new Error('a pipe'), { code: NOT_A_REGULAR_FILE });
    const bytes = Buffer.allocUnsafe(MAX_BYTES + 1);
    let length = 0;
    for (let count = -1; count !== 0; length += count) {
      count = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    if (length <= MAX_BYTES) return bytes.subarray(0, length);
    throw Object.assign(new Error('too large'), { code: 'ERR_FS_FILE_TOO_LARGE' });
  } finally {
    closeSync(descriptor);
  }
}
