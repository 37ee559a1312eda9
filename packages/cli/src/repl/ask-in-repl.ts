import type { ApproverOptions } from '@synapse/core/conversation';
import type { LineReader } from '@synapse/terminal/editor';
import { askApproval, type ApprovalScreen } from '../agent/ask-approval.ts';
import type { Display } from './display.ts';

/** The input and the status below it. */
const inputRows = 2;

/** Asks for approval at the prompt. */
export function askInRepl(
  display: Display,
  reader: () => LineReader,
  interrupt: () => void,
): ApproverOptions['ask'] {
  const screen: ApprovalScreen = {
    style: display.style,
    room: () => ({ columns: display.columns, rows: display.rows - inputRows }),
    reader: {
      choose: (question) => reader().choose(question),
      read: (prompt, options) => reader().read(prompt, options),
    },
    interrupt,
    page: (text) => display.page(text),
  };
  return (question, signal) => askApproval(question, screen, signal);
}
