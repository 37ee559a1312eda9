import { parseHandle, type Session, type Store } from '@synapse/core';
import { findSession, isReservedReference, resolveSession } from '@synapse/core/conversation';
import { blankStart, type SessionStart } from './held-session.ts';

export interface TargetQuery {
  /** The reference that the user gave; null for a new session. */
  reference: string | null;
  /** The folder that `here` means. */
  here: string;
  /** The system prompt of a new session. */
  systemPrompt: string | null;
  /** A name that no session has yet is an error instead of a new session. */
  mustExist: boolean;
}

/** The session to continue, or the properties of a new one. */
export type Target = Session | SessionStart;

export async function findTarget(
  { sessions }: Pick<Store, 'sessions'>,
  { reference, here, systemPrompt, mustExist }: TargetQuery,
): Promise<Target> {
  if (reference === null) return { ...blankStart, systemPrompt };
  if (isReservedReference(reference) || mustExist) return resolveSession(sessions, reference, here);
  const found = await findSession(sessions, reference, here);
  return found ?? { ...blankStart, handle: parseHandle(reference), systemPrompt };
}
