import { UsageError } from '@synapse/core';
import type { Target } from '@synapse/core/conversation';

export interface SessionFlags {
  session?: string | undefined;
  continue: boolean;
  new: boolean;
  fork: boolean;
  'take-over': boolean;
}

/** The session that the flags, or the variable of this terminal, name; null for a new one. */
export function referenceOf(flags: SessionFlags, environment: NodeJS.ProcessEnv): string | null {
  if (flags.new) return null;
  const reference = flags.session ?? environment.SYNAPSE_SESSION;
  if (reference !== undefined) return reference;
  if (flags.continue) return 'last';
  if (!flags.fork && !flags['take-over']) return null;
  throw new UsageError(`--${flags.fork ? 'fork' : 'take-over'} needs a session.`, {
    hint: 'Name one: -s <session>, or -c for the last one.',
  });
}

/** A session keeps the instructions that it began with. */
export function warnOfOtherInstructions(
  target: Target,
  systemPrompt: string | null,
  notify: (text: string) => void,
): void {
  if (!('id' in target) || systemPrompt === null || target.systemPrompt === systemPrompt) return;
  notify('--system is for a new session; this one keeps the instructions that it has');
}
