import { clipText, type ToolCallPart } from '@synapse/core';
import type { ToolEvent } from '@synapse/core/conversation';
import { countOf, toDuration } from '@synapse/core/words';
import { toSafeText, wrapText, type Style } from '@synapse/terminal';
import { readToolOutput } from './read-tool-output.ts';

const ARGUMENT_LENGTH = 60;
const REASON_LENGTH = 160;
/** Errors are at the end of what a command prints, and whoever succeeds is brief. */
const ROWS_OF_SUCCESS = 2;
const ROWS_OF_FAILURE = 12;
const ROWS_OF_A_LINE = 3;
const ROWS_OF_A_DIFF = 40;

export interface ToolLineOptions {
  readonly style: Style;
  /** The width of the terminal; null if each call takes one line of any length. */
  readonly columns: number | null;
  /** Whether the end of what a command printed follows. */
  readonly showsOutput: boolean;
}

type ToolEnd = ToolEvent & { type: 'tool-end' };

/** A call and how it went, for people. */
export async function toolEndLines(event: ToolEnd, options: ToolLineOptions): Promise<string> {
  const { style, columns, showsOutput } = options;
  const { call, result, durationMs, rejection } = event;
  const isWhole = showsOutput && columns !== null;
  const brief = (text: string) => oneLine(isWhole ? text : clipText(text, REASON_LENGTH));
  const head = toolLabel(call);
  const note = (mark: string, words: string) => `${mark} ${head} ${style.dim(words)}`;
  const wrap = (line: string) => (columns === null ? line : hang(line, columns));

  if (rejection !== undefined) {
    const words = rejection === '' ? '' : `: ${brief(rejection)}`;
    return wrap(note(style.yellow('✗'), `You rejected this call${words}`));
  }
  if (durationMs === null) {
    return wrap(note(style.yellow('✗'), `not run: ${brief(result.output)}`));
  }
  const mark = result.isError ? style.red('✗') : style.green('✓');
  const time = toDuration(durationMs);
  if (!isWhole) {
    return wrap(note(mark, result.isError ? `${time} ${brief(result.output)}` : time));
  }
  const diff = await readDiff(result, style, columns);
  if (diff) return [wrap(note(mark, `${diff.title} · ${time}`)), ...diff.rows].join('\n');
  const { lines, remarks } = readToolOutput(result);
  const title = wrap(note(mark, [...remarks, time].join(' · ')));
  const isShown = result.isError || call.name === 'shell';
  return isShown ? [title, ...endOf(lines, result.isError, columns, style)].join('\n') : title;
}

/** The tool and its most telling argument, on one line. */
export function toolLabel({ name, input }: Pick<ToolCallPart, 'name' | 'input'>): string {
  const argument = Object.values(input).find((value) => typeof value === 'string') ?? '';
  return oneLine(`${name} ${clipText(argument, ARGUMENT_LENGTH)}`).trim();
}

/** The change of a file, if the call has made one. */
async function readDiff(
  { output, isError }: ToolEnd['result'],
  style: Style,
  columns: number,
): Promise<{ title: string; rows: string[] } | undefined> {
  if (isError || !output.includes('\n@@ -')) return undefined;
  const { countChanges, showPatch } = await import('@synapse/terminal/diff');
  const changes = countChanges(output);
  const rows = showPatch(output, { style, columns: columns - 2 });
  if (changes === undefined || rows === undefined) return undefined;
  const hidden = rows.length - ROWS_OF_A_DIFF;
  const more = hidden > 0 ? [style.dim(`… ${countOf(hidden, 'more row')}: /output shows all`)] : [];
  return {
    title: `+${changes.added} −${changes.removed}`,
    rows: [...rows.slice(0, ROWS_OF_A_DIFF), ...more].map((row) => `  ${row}`),
  };
}

function endOf(
  lines: readonly string[],
  isError: boolean,
  columns: number,
  style: Style,
): string[] {
  const shown = lines.slice(-(isError ? ROWS_OF_FAILURE : ROWS_OF_SUCCESS));
  const hidden = lines.length - shown.length;
  const rows = shown.flatMap((line) => {
    const wrapped = wrapText(line, Math.max(1, columns - 4));
    const most = wrapped.slice(0, ROWS_OF_A_LINE);
    return wrapped.length > most.length ? [...most, '…'] : most;
  });
  const count = `… ${countOf(hidden, 'line')} before: /output shows all`;
  return [...(hidden > 0 ? wrapText(count, Math.max(1, columns - 4)) : []), ...rows].map((row) =>
    style.dim(`  │ ${row}`),
  );
}

function hang(line: string, columns: number): string {
  return wrapText(line, Math.max(1, columns - 2)).join('\n  ');
}

function oneLine(text: string): string {
  return toSafeText(text).replaceAll(/\s+/g, ' ');
}
