import type { ApproverOptions } from '@synapse/core';
import type { LineReader } from '@synapse/terminal/editor';
import { approvalChoices, toApproval } from '../agent/approval-words.ts';
import { describeQuestion } from '../agent/describe-question.ts';
import type { Display } from './display.ts';

/** Asks for approval where the conversation stands; Ctrl-C stops the answer that wants it. */
export function askInRepl(
  display: Display,
  reader: () => LineReader,
  interrupt: () => void,
): ApproverOptions['ask'] {
  return async (question, signal) => {
    // Printed, because an editor cuts a prompt that is wider than the screen.
    const choices = `  ${approvalChoices(question)}\n`;
    display.print(describeQuestion(question, display.style) + choices);
    const line = await reader().read('Run it? ', { isQuestion: true });
    if (line === 'interrupt') interrupt();
    signal.throwIfAborted();
    return typeof line === 'string' ? 'no' : toApproval(line.text, question);
  };
}
