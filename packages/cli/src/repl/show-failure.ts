import { toSafeText, wrapText } from '@synapse/terminal';
import { describeError, type ReportedError } from '../output/report-error.ts';
import type { Display } from './display.ts';

/** Reports the error and what to do next. */
export function showFailure(display: Display, error: unknown): ReportedError {
  const reported = describeError(error);
  const { message, hint } = reported;
  if (display.isTerminal) {
    const lines = wrapText(toSafeText(message), display.columns);
    display.print(`${lines.map((line) => display.style.red(line)).join('\n')}\n`);
    if (hint) display.notify(hint);
  } else {
    display.notify(hint ? `${message}\n  ${hint.replaceAll('\n', '\n  ')}` : message);
  }
  return reported;
}
