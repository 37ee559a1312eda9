import type { SessionHeldError } from '@synapse/core';
import { toSafeText } from '@synapse/terminal';
import type { HeldChoice } from '@synapse/app/conversation/hold-session';
import { askLine } from '../output/ask-line.ts';

const choices = { w: 'wait', f: 'fork', t: 'take-over' } as const;

/** What to do about a session that another process has; without a terminal nobody is asked. */
export async function askAboutHeld(
  error: SessionHeldError,
  signal: AbortSignal,
): Promise<HeldChoice> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return 'leave';
  stderr.write(`${toSafeText(error.message)}\n`);
  const question = '[w]ait, [f]ork a copy, [t]ake over, or Enter to leave it: ';
  const letter = (await askLine(question, signal)).toLowerCase()[0] ?? '';
  return letter in choices ? choices[letter as keyof typeof choices] : 'leave';
}
