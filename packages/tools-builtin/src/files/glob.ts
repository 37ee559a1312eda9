import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import { walk } from '../workspace/walk.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openFolder } from './list.ts';

const MAX_FOUND = 1000;
const MAX_DEPTH = 64;

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
    subject: { argument: 'path', kind: 'path' },
    async run({ pattern, path = '.' }, signal) {
      const matches = await toMatcher(pattern);
      const start = await openFolder(workspace, path);
      try {
        const found: string[] = [];
        for await (const entry of walk({ workspace, start, maxDepth: MAX_DEPTH, signal })) {
          if (entry.kind !== 'file' || !matches(entry.path)) continue;
          if (found.length === MAX_FOUND) {
            return { text: `${found.join('\n')}\n[There are more than ${MAX_FOUND}.]` };
          }
          found.push(entry.path);
        }
        return { text: found.length > 0 ? found.join('\n') : '[No file fits.]' };
      } finally {
        await start.close();
      }
    },
  });
}

export async function toMatcher(pattern: string): Promise<(path: string) => boolean> {
  if (pattern.length > 1000 || pattern.startsWith('/') || pattern.split('/').includes('..')) {
    throw new InvalidDataError(`"${pattern}" is no pattern for paths below the folder.`, {
      hint: 'Give the folder as "path" and a pattern for what is in it.',
    });
  }
  const { default: picomatch } = await import('picomatch');
  // Extended globs can be made to take for ever; nobody needs them here.
  return picomatch(pattern.replace(/^\.\//, ''), { dot: true, noextglob: true });
}
