import { boundaryBefore } from '../cap-output.ts';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openText, type OpenedText } from './open-text.ts';

const DEFAULT_LINES = 2000;
const CHUNK_BYTES = 64 * 1024;

interface ReadInput {
  path: string;
  offset?: number;
  limit?: number;
}

export function createReadTool(workspace: Workspace, maxOutputBytes: number): BuiltinTool {
  return defineTool<ReadInput>({
    name: 'read',
    description:
      'Reads a text file. Returns lines from "offset" (the first is 1), at most "limit", and ' +
      'the offset to continue with if there are more.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'Relative to the working directory.' },
        offset: { type: 'integer', minimum: 1, description: 'The first line to read.' },
        limit: {
          type: 'integer',
          minimum: 1,
          description: `The maximum number of lines to return; by default ${DEFAULT_LINES}.`,
        },
      },
      required: ['path'],
      additionalProperties: false,
    },
    effect: 'read',
    subject: workspace.subject('path'),
    async run({ path, offset = 1, limit = DEFAULT_LINES }, signal) {
      const opened = await openText(workspace, path);
      try {
        const maxBytes = maxOutputBytes - 200;
        return { text: await readLines(opened, { offset, limit, maxBytes, signal }) };
      } finally {
        await opened.close();
      }
    },
  });
}

interface Range {
  offset: number;
  limit: number;
  maxBytes: number;
  signal: AbortSignal;
}

/** Stops as early as possible, so that neither a huge nor a growing file is a problem. */
async function readLines({ contents }: OpenedText, range: Range): Promise<string> {
  const { offset, limit, maxBytes, signal } = range;
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const pieces: Buffer[] = [];
  let position = 0;
  let line = 1;
  let taken = 0;
  let isWithinLine = false;
  const done = (): boolean => line >= offset + limit || taken > maxBytes;
  while (!done()) {
    signal.throwIfAborted();
    const { bytesRead } = await contents.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return finish(pieces, range, isWithinLine ? line : line - 1, null);
    let start = 0;
    while (start < bytesRead && !done()) {
      const newline = buffer.subarray(0, bytesRead).indexOf(10, start);
      const end = newline === -1 ? bytesRead : newline + 1;
      if (line >= offset) {
        pieces.push(Buffer.from(buffer.subarray(start, end)));
        taken += end - start;
      }
      isWithinLine = newline === -1;
      if (!isWithinLine) line += 1;
      start = end;
    }
    position += start;
  }
  const { bytesRead } = await contents.read(buffer, 0, 1, position);
  return finish(pieces, range, line, bytesRead > 0 || taken > maxBytes ? line : null);
}

function finish(pieces: Buffer[], range: Range, count: number, next: number | null): string {
  const bytes = Buffer.concat(pieces);
  if (bytes.length === 0) {
    return range.offset > 1 ? `[The file has only ${count} lines.]` : '[The file is empty.]';
  }
  const end = bytes.length > range.maxBytes ? boundaryBefore(bytes, range.maxBytes) : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  if (next === null) return text;
  const lines = text.split('\n').length - 1;
  const isWithinLine = end < bytes.length && !text.endsWith('\n');
  const nextOffset = range.offset + lines + (isWithinLine && lines === 0 ? 1 : 0);
  const cut = isWithinLine ? ` Line ${range.offset + lines} is cut.` : '';
  return `${text}${text.endsWith('\n') ? '' : '\n'}[More lines follow.${cut} Continue with offset ${nextOffset}.]`;
}
