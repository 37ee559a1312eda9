import { createStyle, toSafeText, wantsColor, wrapText, type ColorChoice } from '@synapse/terminal';
import type { Check } from '@synapse/app/doctor/check';
import { hintOf } from '../output/action-words.ts';

const INDENT = 6;
const USUAL_COLUMNS = 80;
const FEWEST_COLUMNS = 20;

export interface ChecksOutput {
  stream: { readonly isTTY?: boolean; readonly columns?: number };
  color: ColorChoice | undefined;
  environment: NodeJS.ProcessEnv;
}

/** A line for each check, with the advice below it; on a terminal wrapped and filtered. */
export function renderChecks(
  checks: readonly Check[],
  { stream, color: choice, environment }: ChecksOutput,
): string {
  const isTerminal = stream.isTTY === true;
  // Some terminals report no columns.
  const { columns = 0 } = stream;
  const width = Math.max((columns || USUAL_COLUMNS) - INDENT, FEWEST_COLUMNS);
  const style = createStyle(wantsColor({ choice, isTerminal, environment }));
  const paints = { ok: style.green, warn: style.yellow, fail: style.red };
  const lines = checks.map((check) => {
    const { name, status, text } = check;
    const advice = adviceOf(check);
    const whole = `${name}: ${text}${advice === null ? '' : `\n${advice}`}`;
    const wrapped = isTerminal ? wrapText(toSafeText(whole), width).join('\n') : whole;
    const indented = wrapped.replaceAll('\n', `\n${' '.repeat(INDENT)}`);
    return `${paints[status](status.padEnd(4))}  ${indented}`;
  });
  return lines.join('\n');
}

export function checkToJson(check: Check): object {
  const { name, status, text } = check;
  return { name, status, text, advice: adviceOf(check) };
}

function adviceOf({ advice, action }: Check): string | null {
  return hintOf({ hint: advice ?? undefined, action }) ?? null;
}
