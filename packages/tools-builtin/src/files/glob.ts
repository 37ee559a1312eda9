import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import { walk } from '../workspace/walk.ts';
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
      'Finds files by name: "**/*.ts", "src/*.{js,json}". Gives paths relative to "path", sorted. ' +
      'What ignore files exclude is left out.',
    inputSchema: {
      type: 'object',
      properties: {
        pattern: { type: 'string', minLength: 1, description: 'A glob pattern.' },
        path: { type: 'string', description: 'Where to look; the working directory unless given.' },
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
        for await (const entry of walk({ workspace, start, maxDepth: MAX_DEPTH, signal })) {
          if (entry.kind !== 'file') continue;
          if (batch.push(entry.path) === BATCH) searchBatch();
          if (found.length > MAX_FOUND) break;
        }
        searchBatch();
        const text = found.slice(0, MAX_FOUND).join('\n');
        if (found.length === 0) return { text: '[No file fits.]' };
        return {
          text: found.length > MAX_FOUND ? `${text}\n[There are more than ${MAX_FOUND}.]` : text,
        };
      } finally {
        await start.close();
      }
    },
  });
}

/** Finds those of some paths that a glob pattern fits. */
export async function createFindPaths(pattern: string): Promise<FindLines> {
  if (pattern.length > 1000 || pattern.startsWith('/') || pattern.split('/').includes('..')) {
    throw new InvalidDataError(`"${pattern}" is no pattern for paths below the folder.`, {
      hint: 'Give the folder as "path" and a pattern for what is in it.',
    });
  }
  const { default: picomatch } = await import('picomatch');
  return limited(pattern, picomatch(pattern.replace(/^\.\//, ''), { dot: true, noextglob: true }));
}
