import type { HeldChoice } from '@synapse/app/conversation/held-session';
import { SessionHeldError } from '@synapse/core';
import type { Target } from '@synapse/core/conversation';
import { createNotices } from './notices.ts';

const choices: Readonly<Record<HeldChoice, string>> = {
  wait: '[w]ait',
  read: '[r]ead it',
  fork: '[f]ork a copy',
  'take-over': '[t]ake over',
};

/**
 * What to do about a session that another process writes to. Without a terminal no user is asked, and
 * any other answer leaves the session: both report it, with the commands that would help.
 */
export function askAboutHeld(
  target: Target,
  offered: readonly HeldChoice[],
  ask: (question: string) => Promise<string>,
): (error: SessionHeldError) => Promise<HeldChoice> {
  return async (error) => {
    const { stdin, stderr } = process;
    const failure = withCommands(error, target);
    if (!stdin.isTTY || !stderr.isTTY) throw failure;
    const notices = createNotices(stderr);
    notices.print(error.message);
    const words = offered.map((choice) => choices[choice]).join(', ');
    const letter = (await ask(`${words}, or Enter to cancel: `)).toLowerCase()[0];
    const choice = offered.find((one) => letter !== undefined && one.startsWith(letter));
    if (choice === undefined) throw failure;
    if (choice === 'wait') notices.print('waiting until the session is free … (Ctrl-C gives up)');
    return choice;
  };
}

function withCommands(error: SessionHeldError, target: Target): SessionHeldError {
  const name = target.handle ?? ('id' in target ? target.id : 'last');
  return new SessionHeldError(error.lease, error.hasExpired, {
    cause: error,
    hint: [
      'You can continue when that process closes the session. Until then:',
      `  synapse -s ${name} --fork …       continues with a copy`,
      `  synapse -s ${name} --take-over …  continues here; the other process can no longer write`,
    ].join('\n'),
  });
}
