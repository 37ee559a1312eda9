import { stat } from 'node:fs/promises';
import { ConfigError } from '@synapse/core';
import { readRegularFile, UnreadableFileError } from '@synapse/core/files';
import type { Node, ParseError } from 'jsonc-parser';

/** The file as text and as a tree, so that errors name a line and an edit keeps the rest. */
export interface McpFile {
  path: string;
  text: string;
  tree: Node | undefined;
  /** Whether users other than the owner may read it. */
  isShared: boolean;
}

const MAX_BYTES = 4 * 1024 * 1024;
const FORGIVING = { allowTrailingComma: true, disallowComments: false };

/** Undefined if there is no such file. Comments and trailing commas are allowed. */
export async function openMcpFile(path: string): Promise<McpFile | undefined> {
  let text: string;
  let mode: number;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readRegularFile(path, MAX_BYTES));
    mode = (await stat(path)).mode;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const why = error instanceof UnreadableFileError ? error.message : (code ?? String(error));
    const reason =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : `can't be read (${why})`;
    throw new ConfigError(`${path} ${reason}.`, { cause: error });
  }
  const { default: jsonc } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  const tree = text.trim() === '' ? undefined : jsonc.parseTree(text, errors, FORGIVING);
  const [first] = errors;
  if (first) {
    const line = lineAt(text, first.offset);
    throw new ConfigError(
      `${path}:${line}: is not JSON (${jsonc.printParseErrorCode(first.error)}).`,
      { hint: 'The file looks like {"mcpServers": {"name": {"command": "…", "args": []}}}.' },
    );
  }
  const isShared = process.platform !== 'win32' && (mode & 0o077) !== 0;
  return { path, text, tree, isShared };
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
