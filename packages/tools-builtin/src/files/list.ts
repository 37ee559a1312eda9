import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import { walk } from '../workspace/walk.ts';
import type { IgnoreFileName } from '../workspace/ignore-rules.ts';
import type { Workspace } from '../workspace/workspace.ts';

interface ListInput {
  path?: string;
}

export function createListTool(workspace: Workspace): BuiltinTool {
  return defineTool<ListInput>({
    name: 'list',
    description:
      'Lists a folder: one name on each line, folders with a slash at the end. Leaves out files ' +
      'that ignore files exclude, unless "path" is inside an ignored folder.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'A folder; by default the working directory.' },
      },
      additionalProperties: false,
    },
    effect: 'read',
    subject: workspace.subject('path'),
    async run({ path = '.' }, signal) {
      const start = await openFolder(workspace, path);
      try {
        const names: string[] = [];
        const excluding = new Set<IgnoreFileName>();
        const entries = walk({ workspace, start, maxDepth: 1, signal, excluding });
        for await (const { name, kind } of entries) {
          names.push(kind === 'folder' ? `${name}/` : name);
        }
        if (names.length > 0) return { text: names.join('\n') };
        if (excluding.size === 0) return { text: '[The folder is empty.]' };
        return {
          text: `[All its entries are excluded by ${[...excluding].sort().join(' and ')}.]`,
        };
      } finally {
        await start.close();
      }
    },
  });
}

export async function openFolder(
  workspace: Workspace,
  path: string,
): ReturnType<Workspace['open']> {
  const place = await workspace.open(path, 'read');
  if (place.stats.isDirectory()) return place;
  await place.close();
  throw new InvalidDataError(`"${path}" is not a folder.`);
}
