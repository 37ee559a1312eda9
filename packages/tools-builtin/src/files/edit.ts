import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openText, readWhole } from './open-text.ts';
import { replaceFile } from './replace-file.ts';

const MAX_BYTES = 10 * 1024 * 1024;

interface EditInput {
  path: string;
  old: string;
  new: string;
  all?: boolean;
}

export function createEditTool(workspace: Workspace): BuiltinTool {
  return defineTool<EditInput>({
    name: 'edit',
    description:
      'Replaces text in a file. "old" must match the file exactly, including white space, and ' +
      'occur once, unless "all" is true. Returns the change as a diff.',
    inputSchema: {
      type: 'object',
      properties: {
        path: { type: 'string', minLength: 1, description: 'Relative to the working directory.' },
        old: { type: 'string', minLength: 1, description: 'The text to replace.' },
        new: { type: 'string', description: 'The new text.' },
        all: { type: 'boolean', description: 'Replace every occurrence.' },
      },
      required: ['path', 'old', 'new'],
      additionalProperties: false,
    },
    effect: 'write',
    subject: workspace.subject('path'),
    async run({ path, old, new: replacement, all = false }) {
      const opened = await openText(workspace, path);
      try {
        const before = await readWhole(opened, path, MAX_BYTES);
        const after = replace(before, { path, old, replacement: replacement.toWellFormed(), all });
        await replaceFile(workspace, { path, text: after, expected: opened.place.stats });
        return { text: await unifiedDiff(path, before, after) };
      } finally {
        await opened.close();
      }
    },
  });
}

interface Change {
  path: string;
  old: string;
  replacement: string;
  all: boolean;
}

function replace(text: string, { path, old, replacement, all }: Change): string {
  // A model sees "\n" where a file has "\r\n", so both texts are converted to the file's own line
  // ends.
  const isCrlf = text.includes('\r\n') && (!text.includes(old) || !/(?<!\r)\n/.test(text));
  const withLineEnds = (one: string) => (isCrlf ? one.replace(/\r?\n/g, '\r\n') : one);
  const wanted = withLineEnds(old);
  const given = withLineEnds(replacement);
  const pieces = text.split(wanted);
  // A second match may overlap the first.
  const isOnce = !text.includes(wanted, text.indexOf(wanted) + 1);
  const count = pieces.length - 1;
  if (count === 0) {
    throw new InvalidDataError(`"${path}" does not contain the text in "old".`, {
      hint: 'Read the file and copy the text exactly.',
    });
  }
  if (!isOnce && !all) {
    throw new InvalidDataError(
      `"${path}" contains the text in "old" ${Math.max(2, count)} times.`,
      {
        hint: 'Give more of the lines around it, or set "all".',
      },
    );
  }
  if (wanted === given) throw new InvalidDataError('"old" and "new" are the same.');
  const added = Buffer.byteLength(given) - Buffer.byteLength(wanted);
  if (Buffer.byteLength(text) + count * added > MAX_BYTES) {
    throw new InvalidDataError(`"${path}" would be larger than ${MAX_BYTES} bytes.`);
  }
  return pieces.join(given);
}

async function unifiedDiff(path: string, before: string, after: string): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, {
    context: 3,
    // The diff of two very different texts would take seconds.
    maxEditLength: 2000,
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch ?? `Changed "${path}"; the difference is too large to show.`;
}
