import { structuredPatch, type StructuredPatchHunk } from 'diff';
import { toSafeText } from './safe-text.ts';
import type { Style } from './style.ts';
import { expandTabs } from './width.ts';

export interface DiffOptions {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly style: Style;
  readonly contextLines?: number;
}

/** Two files with more differences than this have nothing in common that is worth the time to find. */
const mostEdits = 2000;

/** A unified diff, safe to show; empty where nothing has changed. */
export function toDiff(options: DiffOptions): string {
  const { path, before, after, style, contextLines = 3 } = options;
  if (before === after) return '';
  const name = toSafeText(path).replaceAll('\n', ' ');
  const title = style.bold(`--- ${name}\n+++ ${name}`);
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context: contextLines,
    maxEditLength: mostEdits,
  });
  const lines = patch?.hunks.flatMap((hunk) => toHunkLines(hunk, style));
  return `${[title, ...(lines ?? [toReplacedLine(before, after, style)])].join('\n')}\n`;
}

function toHunkLines(hunk: StructuredPatchHunk, style: Style): string[] {
  const before = toRange(hunk.oldStart, hunk.oldLines);
  const after = toRange(hunk.newStart, hunk.newLines);
  return [
    style.cyan(`@@ -${before} +${after} @@`),
    ...hunk.lines.map((line) => toDiffLine(line, style)),
  ];
}

/** A range without lines is named by the line before it. */
function toRange(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** A carriage return is a difference that must be seen, and must not overwrite the line. */
function toDiffLine(line: string, style: Style): string {
  const text = expandTabs(toSafeText(line.replaceAll('\r', '␍')).replaceAll('\n', ' '));
  if (line.startsWith('+')) return style.green(text);
  if (line.startsWith('-')) return style.red(text);
  return line.startsWith('\\') ? style.dim(text) : text;
}

function toReplacedLine(before: string, after: string, style: Style): string {
  return style.yellow(
    `Replaced the whole file: ${countLines(before)} lines by ${countLines(after)}.`,
  );
}

function countLines(text: string): number {
  return text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
