import type { SessionHeldError } from '@synapse/core';
import { SignalError } from '../output/interrupts.ts';
import { toSafeText } from '../render/safe-text.ts';

const choices = { w: 'wait', f: 'fork', t: 'take-over' } as const;

export type HeldChoice = (typeof choices)[keyof typeof choices] | 'leave';

/** What to do about a session that another process has; without a terminal nobody is asked. */
export async function askAboutHeld(
  error: SessionHeldError,
  signal: AbortSignal,
): Promise<HeldChoice> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return 'leave';
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: stdin, output: stderr });
  const interrupted = new Promise<never>((_resolve, reject) => {
    prompt.once('SIGINT', () => reject(new SignalError(130)));
  });
  const ended = new Promise<string>((resolve) => {
    prompt.once('close', () => resolve(''));
  });
  try {
    stderr.write(`${toSafeText(error.message)}\n`);
    const answer = prompt.question('[w]ait, [f]ork a copy, [t]ake over, or Enter to leave it: ', {
      signal,
    });
    const letter = (await Promise.race([answer, interrupted, ended])).trim().toLowerCase()[0] ?? '';
    return letter in choices ? choices[letter as keyof typeof choices] : 'leave';
  } finally {
    prompt.close();
  }
}
