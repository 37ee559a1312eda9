import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core/conversation';
import { toVisibleText } from '@synapse/terminal';

const answers = new Map<string, ApprovalAnswer>([
  ['y', 'once'],
  ['yes', 'once'],
  ['s', 'session'],
  ['session', 'session'],
  ['a', 'always'],
  ['always', 'always'],
]);

type Choices = Pick<ApprovalQuestion, 'rules' | 'askRule'>;

/** The possible answers, shown after the call, with every rule that an answer would add. */
export function approvalChoices({ rules, askRule }: Choices): string {
  if (rules.length === 0) return '[y]es, [n]o';
  const shown = rules.map(toVisibleLine).join(', ');
  return askRule === null
    ? `[y]es, [s]ession and [a]lways (${shown}), [n]o`
    : `[y]es, [s]ession (${shown}), [n]o; not [a]lways: the rule "${toVisibleLine(askRule)}" in tools.ask asks in every session`;
}

/** As toVisibleText, and in one line. */
export function toVisibleLine(text: string): string {
  return toVisibleText(text).replaceAll('\n', '');
}

/** Anything but a clear yes means no. */
export function toApproval(text: string, { rules, askRule }: Choices): ApprovalAnswer {
  const answer = answers.get(text.trim().toLowerCase()) ?? 'no';
  if (answer === 'no' || rules.length === 0) return answer === 'no' ? answer : 'once';
  return answer === 'always' && askRule !== null ? 'session' : answer;
}
