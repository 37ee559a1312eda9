import { clipText } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import type { IgnoreFileName } from '../workspace/ignore-rules.ts';
import type { Place } from '../workspace/place.ts';
import { safeSearchPath } from '../workspace/search-path.ts';
import { describeExcluded, walk } from '../workspace/walk.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { binaryKind } from './describe-kind.ts';
import { createFindLines, type FindLines } from './find-lines.ts';
import { createFindPaths } from './glob.ts';
import { findCandidates } from './ripgrep.ts';

const DEFAULT_FOUND = 200;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_LINE_GRAPHEMES = 400;
const MAX_DEPTH = 64;

interface GrepInput {
  pattern: string;
  path?: string;
  glob?: string;
  ignoreCase?: boolean;
  limit?: number;
}

export function createGrepTool(workspace: Workspace, searchPath: string | undefined): BuiltinTool {
  return defineTool<GrepInput>({
    name: 'grep',
    description:
      'Searches files for a JavaScript regular expression. Returns "path:line: text" for each ' +
      'line ' +
      'that matches. Leaves out binary files and files above 4 MiB, and files that ignore files ' +
      'exclude unless "path" is inside an ignored folder.',
    inputSchema: {
      type: 'object',
      properties: {
        pattern: { type: 'string', minLength: 1, description: 'A regular expression.' },
        path: {
          type: 'string',
          description: 'A folder or a file; by default the working directory.',
        },
        glob: {
          type: 'string',
          minLength: 1,
          description: 'Only these files: "*.ts" in any folder, or "src/**/*.ts".',
        },
        ignoreCase: { type: 'boolean' },
        limit: {
          type: 'integer',
          minimum: 1,
          description: `The maximum number of lines to return; by default ${DEFAULT_FOUND}.`,
        },
      },
      required: ['pattern'],
      additionalProperties: false,
    },
    effect: 'read',
    subject: workspace.subject('path'),
    async run({ pattern, path = '.', glob, ignoreCase = false, limit = DEFAULT_FOUND }, signal) {
      const findLines = createFindLines(pattern, ignoreCase);
      const findPaths = glob === undefined ? undefined : await createFindPaths(glob);
      const start = await workspace.open(path, 'read');
      const found: string[] = [];
      const excluding = new Set<IgnoreFileName>();
      try {
        if (start.stats.isFile()) {
          found.push(...(await search(start, path, findLines, limit + 1)));
        } else if (start.stats.isDirectory()) {
          const query = {
            pattern,
            isCaseIgnored: ignoreCase,
            folder: start.path,
            searchPath: await safeSearchPath(searchPath, await workspace.roots()),
            maxFileBytes: MAX_FILE_BYTES,
            signal,
          };
          const candidates = await findCandidates(query);
          const options = { workspace, start, maxDepth: MAX_DEPTH, signal, excluding };
          for await (const entry of walk(options)) {
            if (entry.kind !== 'file') continue;
            if (candidates && !candidates.has(entry.path)) continue;
            if (findPaths?.([entry.path]).length === 0) continue;
            const place = await workspace.openEntry(entry.folder, entry.name);
            if (!place) continue;
            try {
              found.push(...(await search(place, entry.path, findLines, limit + 1)));
            } finally {
              await place.close();
            }
            if (found.length > limit) break;
          }
        }
      } finally {
        await start.close();
      }
      if (found.length === 0) return { text: `[No line matches.${describeExcluded(excluding)}]` };
      const more = found.length > limit ? `\n[More than ${limit} lines match.]` : '';
      return { text: found.slice(0, limit).join('\n') + more };
    },
  });
}

async function search(
  place: Place,
  path: string,
  findLines: FindLines,
  limit: number,
): Promise<string[]> {
  if (!place.stats.isFile() || place.stats.size > MAX_FILE_BYTES) return [];
  const contents = await place.openContents();
  try {
    const buffer = Buffer.alloc(Number(place.stats.size));
    const { bytesRead } = await contents.read(buffer, 0, buffer.length, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (binaryKind(bytes.subarray(0, 8192)) !== undefined) return [];
    const lines = bytes.toString().split(/\r?\n/);
    const found = findLines(lines).slice(0, limit);
    return found.map(
      (index) => `${path}:${index + 1}: ${clipText(lines[index] ?? '', MAX_LINE_GRAPHEMES)}`,
    );
  } finally {
    await contents.close();
  }
}
