import type { ApprovalQuestion } from '@synapse/core';
import { toSafeText, type Style, toVisibleText } from '@synapse/terminal';

const effects = { read: 'looks', write: 'changes files', execute: 'can do anything' };

/** All of a call that waits for approval, with whatever could hide in it spelled out. */
export function describeQuestion(question: ApprovalQuestion, style: Style): string {
  const { tool, effect, details, warnings, reason } = question;
  const lines = [
    `${style.bold(`The model wants to use ${toVisibleText(tool)}`)} (${effects[effect]})`,
    ...details.map(({ name, text }) => {
      const shown = toVisibleText(text).replaceAll('\n', '\n      ');
      return `  ${style.dim(`${toVisibleText(name)}:`)} ${shown}`;
    }),
    ...warnings.map((warning) => `  ${style.yellow(`Careful: ${toSafeText(warning)}`)}`),
    `  ${style.dim(toSafeText(reason))}`,
  ];
  return `\n${lines.join('\n')}\n`;
}
