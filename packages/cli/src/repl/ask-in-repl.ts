import type { ApproverOptions } from '@synapse/core/conversation';
import type { LineReader } from '@synapse/terminal/editor';
import { askApproval, type ApprovalScreen } from '../agent/ask-approval.ts';
import type { Display } from './display.ts';

/** The input and the status below it. */
const inputRows = 2;

/** Asks for approval at the prompt; Ctrl-C stops the answer that needs it. */
export function askInRepl(
  display: Display,
  reader: () => LineReader,
  interrupt: () => void,
): ApproverOptions['ask'] {
  const screen: ApprovalScreen = {
    style: display.style,
    room: () => ({ columns: display.columns, rows: display.rows - inputRows }),
    async ask(prompt, question) {
      const line = await reader().read(prompt, { isQuestion: true, question });
      if (line === 'interrupt') interrupt();
      return typeof line === 'string' ? null : line.text;
    },
    page: (text) => display.page(text),
  };
  return (question, signal) => askApproval(question, screen, signal);
}
