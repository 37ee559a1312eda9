import { UsageError } from '@synapse/core';
import { quoteWord } from '@synapse/core/words';
import { toSafeText } from '@synapse/terminal';
import { askLine } from './ask-line.ts';
import { createNotices } from './notices.ts';

export interface Confirmation {
  /** The question, without its possible answers. */
  question: string;
  /** The command and its arguments as given: shown together with the flag that skips the question. */
  command: string;
  argv: readonly string[];
  isConfirmed: boolean;
}

/** Asks on a terminal; without one, names the command that needs no question. False if the user declined. */
export async function confirm({
  question,
  command,
  argv,
  isConfirmed,
}: Confirmation): Promise<boolean> {
  if (isConfirmed) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError('This needs a confirmation, and there is no terminal to ask on.', {
      hint: `To do it: ${['synapse', command, '--yes', ...argv.map(quoteWord)].join(' ')}`,
    });
  }
  const isYes = /^y(es)?$/i.test(await askLine(`${toSafeText(question)} [y/N] `));
  if (!isYes) createNotices(process.stderr).print('Nothing was changed.');
  return isYes;
}
