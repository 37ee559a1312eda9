import { clipText, type ToolCallPart } from '@synapse/core';
import type { ToolEvent } from '@synapse/core/conversation';
import { toDuration } from '@synapse/core/words';
import { toSafeText, type Style } from '@synapse/terminal';

const ARGUMENT_LENGTH = 60;
const REASON_LENGTH = 160;

/** A call and how it went, in a line for people. */
export function toolEndLine(event: ToolEvent & { type: 'tool-end' }, style: Style): string {
  const { call, result, durationMs, rejection } = event;
  const head = toolLabel(call);
  if (rejection !== undefined) {
    const words = rejection === '' ? '' : `: ${reasonIn(rejection)}`;
    return `${style.yellow('✗')} ${head} ${style.dim(`You rejected this call${words}`)}`;
  }
  if (durationMs === null) {
    return `${style.yellow('✗')} ${head} ${style.dim(`not run: ${reasonIn(result.output)}`)}`;
  }
  const time = style.dim(toDuration(durationMs));
  if (!result.isError) return `${style.green('✓')} ${head} ${time}`;
  return `${style.red('✗')} ${head} ${time} ${style.dim(reasonIn(result.output))}`;
}

/** The tool and its most telling argument, on one line. */
export function toolLabel({ name, input }: Pick<ToolCallPart, 'name' | 'input'>): string {
  const argument = Object.values(input).find((value) => typeof value === 'string') ?? '';
  return toSafeText(`${name} ${clipText(argument, ARGUMENT_LENGTH)}`)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function reasonIn(output: string): string {
  return toSafeText(clipText(output, REASON_LENGTH)).replaceAll(/\s+/g, ' ');
}
