import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { StorageError } from '@synapse/core';
import { tryFileLock } from '@synapse/core/files';
import { createMemoryHistory, type History } from '@synapse/terminal/editor';
import { isReplaceableFile } from '@synapse/app/sessions/replaceable-file';

export interface FileHistoryOptions {
  readonly file: string;
  readonly maxEntries?: number;
  /** A larger file becomes the older one, and replaces the previous older one. */
  readonly maxFileBytes?: number;
}

/** A longer text is kept only until the process ends. */
const mostEntryBytes = 100_000;

/**
 * History in a file of its owner alone, a JSON object a line. Any number of processes may add at
 * once: a line is one write to the end, and a full file is only renamed, so that a process that
 * still writes to it writes to a file that is read.
 */
export function createFileHistory(options: FileHistoryOptions): History {
  const { file, maxEntries = 5000, maxFileBytes = 1_000_000 } = options;
  const older = `${file}.1`;
  const entries = [older, file].flatMap(readTexts);
  const memory = createMemoryHistory({ entries, maxEntries });

  const append = (line: string) => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // A process that was stopped within a write leaves half a line; this one begins a new one.
    const separator = endsInMidLine(file) ? '\n' : '';
    appendFileSync(file, `${separator}${line}\n`, { mode: 0o600 });
    if (!isLarger(file, maxFileBytes)) return;
    const release = lockOrLeave(file);
    try {
      if (release && isLarger(file, maxFileBytes)) renameSync(file, older);
    } finally {
      release?.();
    }
  };

  return {
    entries: () => memory.entries(),
    add(text) {
      if (text.trim() === '' || memory.entries().at(-1) === text) return;
      memory.add(text);
      const line = JSON.stringify({ text });
      if (line.length > mostEntryBytes) return;
      try {
        append(line);
      } catch (error) {
        throw toHistoryError(error, file);
      }
    },
  };
}

/** A process that has the lock renames the file; if no lock can be made, the file may grow. */
function lockOrLeave(file: string): (() => void) | undefined {
  try {
    return tryFileLock(file);
  } catch {
    return undefined;
  }
}

function readTexts(file: string): string[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
    if (isReplaceableFile(file)) chmodSync(file, 0o600);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw toHistoryError(error, file);
  }
  return content.split('\n').flatMap(readText);
}

/** A line that can't be read costs that line only. */
function readText(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    const text = value !== null && typeof value === 'object' && 'text' in value && value.text;
    return typeof text === 'string' ? [text] : [];
  } catch {
    return [];
  }
}

function endsInMidLine(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const handle = openSync(file, 'r');
  try {
    const last = Buffer.alloc(1);
    readSync(handle, last, 0, 1, size - 1);
    return last.toString('latin1') !== '\n';
  } finally {
    closeSync(handle);
  }
}

function isLarger(file: string, bytes: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > bytes;
}

function toHistoryError(error: unknown, file: string): StorageError {
  const code = codeOf(error);
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new StorageError(`The history file ${file} can't be used (${code}).`, {
    reason: isFull ? 'full' : 'cannot-create',
    hint: isFull
      ? 'Free some space on that disk.'
      : 'Make yourself the owner of the file and its folder, or remove the file.',
    cause: error,
  });
}

function codeOf(error: unknown): string {
  const code = error !== null && typeof error === 'object' && 'code' in error && error.code;
  return typeof code === 'string' ? code : 'unknown';
}
