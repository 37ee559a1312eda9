import { readFileSync, statSync } from 'node:fs';
import type { Problem } from './problem.ts';

export interface Document {
  text: string;
  value: Record<string, unknown>;
  /** Whether others than the owner may read the file. */
  isShared: boolean;
}

/** Reads and parses a settings file; undefined when there is none. */
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
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    mode = statSync(file).mode;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return problem('is not UTF-8 text');
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
