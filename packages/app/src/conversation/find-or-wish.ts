import {
  findSession,
  isSessionWord,
  parseHandle,
  resolveSession,
  UsageError,
  type Session,
  type Store,
} from '@synapse/core';
import type { NewSessionWish } from './open-session.ts';

export interface SessionFlags {
  session?: string | undefined;
  continue: boolean;
  new: boolean;
  fork: boolean;
  'take-over': boolean;
}

/** What the flags, or the terminal's own variable, say of the session; null for a new one. */
export function referenceOf(flags: SessionFlags, environment: NodeJS.ProcessEnv): string | null {
  if (flags.new) return null;
  const reference = flags.session ?? environment.SYNAPSE_SESSION;
  if (reference !== undefined) return reference;
  if (flags.continue) return 'last';
  if (!flags.fork && !flags['take-over']) return null;
  throw new UsageError(`--${flags.fork ? 'fork' : 'take-over'} needs a session.`, {
    hint: 'Say which: -s <session>, or -c for the last one.',
  });
}

/** A session keeps the instructions that it began with; who says others is told so. */
export function remarkOtherInstructions(
  session: Session | NewSessionWish,
  systemPrompt: string | null,
  say: (text: string) => void,
): void {
  if ('isNew' in session || systemPrompt === null || session.systemPrompt === systemPrompt) return;
  say('--system is for a new session; this one keeps the instructions that it has');
}

/** The session that is meant; a name that is new is a wish for one, unless it is to be copied or taken. */
export async function findOrWish(
  { sessions }: Pick<Store, 'sessions'>,
  flags: Pick<SessionFlags, 'fork' | 'take-over'>,
  reference: string | null,
  { systemPrompt, here }: { systemPrompt: string | null; here: string },
): Promise<Session | NewSessionWish> {
  if (reference === null) return { isNew: true, handle: null, systemPrompt };
  if (isSessionWord(reference) || flags.fork || flags['take-over'])
    return resolveSession(sessions, reference, here);
  const found = await findSession(sessions, reference, here);
  return found ?? { isNew: true, handle: parseHandle(reference), systemPrompt };
}
