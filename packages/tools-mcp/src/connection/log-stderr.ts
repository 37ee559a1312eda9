import type { Readable } from 'node:stream';
import type { Logger } from '@synapse/core';
import { LineSplitter } from './line-splitter.ts';

const MAX_LINE_BYTES = 2000;
const MAX_LINES = 500;

/** Writes a server's stderr into the log, line by line, up to a limit. */
export function logStderr(stderr: Readable, server: string, logger: Logger): void {
  let count = 0;
  const log = (line: string) => {
    count += 1;
    if (count <= MAX_LINES) logger.info({ server, line }, 'MCP server on stderr');
    if (count === MAX_LINES) logger.warn({ server }, 'MCP server wrote more than the log keeps');
  };
  const lines = new LineSplitter({ maxBytes: MAX_LINE_BYTES, onLine: log, onTooLong: log });
  // Read to the end: a server blocks when its stderr is full.
  stderr.on('data', (chunk: Buffer) => lines.push(chunk));
  stderr.on('error', () => undefined);
}
