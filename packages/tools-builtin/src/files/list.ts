import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import { walk } from '../workspace/walk.ts';
import type { Workspace } from '../workspace/workspace.ts';

interface ListInput {
  path?: string;
}

export function createListTool(workspace: Workspace): BuiltinTool {
  return defineTool<ListInput>({
    name: 'list',
    description:
      'Lists a folder: one name a line, folders with a slash at the end. What ignore files exclude ' +
      'is left out.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', description: 'A folder; the working directory unless given.' },
      },
      additionalProperties: false,
    },
    effect: 'read',
    subject: workspace.subject('path'),
    async run({ path = '.' }, signal) {
      const start = await openFolder(workspace, path);
      try {
        const names: string[] = [];
        for await (const { name, kind } of walk({ workspace, start, maxDepth: 1, signal })) {
          names.push(kind === 'folder' ? `${name}/` : name);
        }
        return { text: names.length > 0 ? names.join('\n') : '[The folder is empty.]' };
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
  throw new InvalidDataError(`"${path}" is no folder.`);
}
