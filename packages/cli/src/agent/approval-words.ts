import type { ApprovalAnswer, ApprovalQuestion } from '@synapse/core';
import { toVisibleText } from '../render/visible-text.ts';

const answers = new Map<string, ApprovalAnswer>([
  ['y', 'once'],
  ['yes', 'once'],
  ['s', 'session'],
  ['session', 'session'],
  ['a', 'always'],
  ['always', 'always'],
]);

/** What may be answered, behind the call itself, with every rule that an answer would make. */
export function approvalChoices({ rules }: Pick<ApprovalQuestion, 'rules'>): string {
  return rules.length > 0
    ? `[y]es, [s]ession and [a]lways (${rules.map(toVisibleText).join(', ')}), [N]o`
    : '[y]es, [N]o';
}

/** Whatever is no clear yes is a no. */
export function toApproval(
  text: string,
  { rules }: Pick<ApprovalQuestion, 'rules'>,
): ApprovalAnswer {
  const answer = answers.get(text.trim().toLowerCase()) ?? 'no';
  return rules.length > 0 || answer === 'no' ? answer : 'once';
}
