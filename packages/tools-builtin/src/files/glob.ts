import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import { describeExcluded, walk } from '../workspace/walk.ts';
import type { IgnoreFileName } from '../workspace/ignore-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { limited, type FindLines } from './find-lines.ts';
import { openFolder } from './list.ts';

const MAX_FOUND = 1000;
const MAX_DEPTH = 64;
const BATCH = 200;

interface GlobInput {
  pattern: string;
  path?: string;
}

export function createGlobTool(workspace: Workspace): BuiltinTool {
  return defineTool<GlobInput>({
    name: 'glob',
    description:
      'Finds files by name: "**/*.ts", "src/*.{js,json}". A pattern without a slash matches ' +
      'names in ' +
      'any folder; "./*.ts" only those at the top. Returns paths relative to "path", sorted. ' +
      'Leaves out files that ignore files exclude, unless "path" is inside an ignored folder.',
    inputSchema: {
      type: 'object',
      properties: {
        pattern: { type: 'string', minLength: 1, description: 'A glob pattern.' },
        path: { type: 'string', description: 'Where to look; by default the working directory.' },
      },
      required: ['pattern'],
      additionalProperties: false,
    },
    effect: 'read',
    subject: workspace.subject('path'),
    async run({ pattern, path = '.' }, signal) {
      const find = await createFindPaths(pattern);
      const start = await openFolder(workspace, path);
      try {
        const found: string[] = [];
        let batch: string[] = [];
        const searchBatch = () => {
          found.push(...find(batch).map((index) => batch[index] ?? ''));
          batch = [];
        };
        const excluding = new Set<IgnoreFileName>();
        const options = { workspace, start, maxDepth: MAX_DEPTH, signal, excluding };
        for await (const entry of walk(options)) {
          if (entry.kind !== 'file') continue;
          if (batch.push(entry.path) === BATCH) searchBatch();
          if (found.length > MAX_FOUND) break;
        }
        searchBatch();
        const text = found.slice(0, MAX_FOUND).join('\n');
        if (found.length === 0) return { text: `[No file matches.${describeExcluded(excluding)}]` };
        return {
          text: found.length > MAX_FOUND ? `${text}\n[More than ${MAX_FOUND} files match.]` : text,
        };
      } finally {
        await start.close();
      }
    },
  });
}

/** Filters paths by a glob pattern; a pattern without a slash matches names in any folder. */
export async function createFindPaths(pattern: string): Promise<FindLines> {
  if (pattern.length > 1000 || pattern.startsWith('/') || pattern.split('/').includes('..')) {
    throw new InvalidDataError(`"${pattern}" is not a pattern for paths below the folder.`, {
      hint: 'Give the folder as "path" and a pattern for the files in it.',
    });
  }
  const { default: picomatch } = await import('picomatch');
  const deep = pattern.includes('/')
    ? pattern.replace(/^\.\//, '')
    : pattern.replace(/^!?/, '$&**/');
  return limited(pattern, picomatch(deep, { dot: true, noextglob: true }));
}
