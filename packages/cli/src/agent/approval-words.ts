import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core/conversation';
import { toVisibleText } from '@synapse/terminal';

type Choices = Pick<ApprovalQuestion, 'rules' | 'askRule'>;

const toAnswer: Readonly<Record<string, ApprovalAnswer>> = {
  y: 'once',
  s: 'session',
  a: 'always',
  n: 'no',
};

/** The words of the answers that are offered, by their keys. */
export function approvalKeys({ rules, askRule }: Choices): Record<string, string> {
  return {
    y: 'yes',
    ...(rules.length > 0 && { s: 'session' }),
    ...(rules.length > 0 && askRule === null && { a: 'always' }),
    n: 'no',
    v: 'view',
  };
}

/** The keys, shown after the call, and every rule that an answer would add. */
export function approvalChoices({ rules, askRule }: Choices, canView = false): string {
  const shown = rules.map(toVisibleLine).join(', ');
  const isKept = rules.length > 0 && askRule === null;
  return [
    'y once',
    ...(rules.length > 0 ? ['s session'] : []),
    ...(isKept ? ['a always'] : []),
    'n no, and why',
    ...(canView ? ['v view all'] : []),
    ...(rules.length > 0 ? [`${isKept ? 's and a allow' : 's allows'} ${shown}`] : []),
    ...(askRule === null
      ? []
      : [`not always: the rule "${toVisibleLine(askRule)}" in tools.ask asks in every session`]),
  ].join(' · ');
}

/** As toVisibleText, and in one line. */
export function toVisibleLine(text: string): string {
  return toVisibleText(text).replaceAll('\n', '');
}

/** Undefined for a key that decides nothing. */
export function toApproval(key: string, choices: Choices): ApprovalAnswer | undefined {
  return Object.hasOwn(approvalKeys(choices), key) ? toAnswer[key] : undefined;
}
