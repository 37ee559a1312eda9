import { InvalidDataError } from '@synapse/core';
import { defineTool, type BuiltinTool } from '../builtin-tool.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { openText, readWhole, type OpenedText } from './open-text.ts';
import { replaceFile } from './replace-file.ts';
import { unifiedDiff } from './unified-diff.ts';

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
    previewChange: ({ path, ...input }) =>
      withText(workspace, path, async (_opened, before) => {
        return (await unifiedDiff(path, before, apply(before, { path, ...input }))) ?? null;
      }).catch(() => null),
    run: ({ path, ...input }) =>
      withText(workspace, path, async ({ place }, before) => {
        const after = apply(before, { path, ...input });
        await replaceFile(workspace, { path, text: after, expected: place.stats });
        const diff = await unifiedDiff(path, before, after);
        return { text: diff ?? `Changed "${path}"; the difference is too large to show.` };
      }),
  });
}

async function withText<Result>(
  workspace: Workspace,
  path: string,
  use: (opened: OpenedText, text: string) => Promise<Result>,
): Promise<Result> {
  const opened = await openText(workspace, path);
  try {
    return await use(opened, await readWhole(opened, path, MAX_BYTES));
  } finally {
    await opened.close();
  }
}

function apply(text: string, { path, old, new: given, all = false }: EditInput): string {
  return replace(text, { path, old, replacement: given.toWellFormed(), all });
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
