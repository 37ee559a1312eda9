import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openText, readWhole } from './open-text.ts';
import { replaceFile } from './replace-file.ts';
import { unifiedDiff } from './unified-diff.ts';

const MAX_PREVIEW_BYTES = 10 * 1024 * 1024;

interface WriteInput {
  path: string;
  content: string;
}

export function createWriteTool(workspace: Workspace): BuiltinTool {
  return defineTool<WriteInput>({
    name: 'write',
    description:
      'Writes a whole text file, new or over an existing one; creates missing folders. To change ' +
      'part of a file, use "edit".',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'Relative to the working directory.' },
        content: { type: 'string', description: 'The whole new content of the file.' },
      },
      required: ['path', 'content'],
      additionalProperties: false,
    },
    effect: 'write',
    subject: workspace.subject('path'),
    async previewChange({ path, content }) {
      const opened = await openText(workspace, path).catch(() => undefined);
      if (!opened) return null;
      try {
        const before = await readWhole(opened, path, MAX_PREVIEW_BYTES);
        return (await unifiedDiff(path, before, content.toWellFormed())) ?? null;
      } catch {
        return null;
      } finally {
        await opened.close();
      }
    },
    async run({ path, content }) {
      const text = content.toWellFormed();
      const isReplaced = await replaceFile(workspace, { path, text });
      const verb = isReplaced ? 'Replaced' : 'Created';
      return { text: `${verb} "${path}" (${Buffer.byteLength(text)} bytes).` };
    },
  });
}
