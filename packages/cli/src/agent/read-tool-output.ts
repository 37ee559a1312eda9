import type { ToolResultPart } from '@synapse/core';
import { toSafeText } from '@synapse/terminal';

/** The output of a call as people read it. */
export interface ReadOutput {
  readonly lines: readonly string[];
  /** What the tool says about the output: the exit code, a time limit. */
  readonly remarks: readonly string[];
}

/** A tool puts its remarks into brackets, each in a line of its own at the end. */
const remark = /(?:^|\n)\[([^\]\n]*)\.\]$/;
/** More lines in brackets are output. */
const mostRemarks = 4;
const tab = '    ';

export function readToolOutput({
  output,
  name,
}: Pick<ToolResultPart, 'output' | 'name'>): ReadOutput {
  const remarks: string[] = [];
  let text = output.trimEnd();
  if (name === 'shell') {
    while (remarks.length < mostRemarks) {
      const [whole, words = ''] = remark.exec(text) ?? [];
      if (whole === undefined) break;
      remarks.unshift(words.charAt(0).toLowerCase() + words.slice(1));
      text = text.slice(0, text.length - whole.length).trimEnd();
    }
  }
  if (text === '' && remarks.length > 0 && !remarks.includes('no output'))
    remarks.push('no output');
  const lines = text === '' ? [] : text.split('\n').map(toShownLine);
  return { lines, remarks };
}

/** A carriage return begins the line anew, as on a terminal: of a progress bar, the last state counts. */
function toShownLine(line: string): string {
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? '';
  return toSafeText(last).replaceAll('\t', tab);
}
