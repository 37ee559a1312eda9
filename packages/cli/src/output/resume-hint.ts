import { shortReferenceTo } from '@synapse/app/sessions/short-reference';
import type { Session, SessionStore } from '@synapse/core';

/** Shows the command that continues the session; `how` precedes its name. */
export async function printResumeHint(
  session: Pick<Session, 'id' | 'handle'>,
  sessions: Pick<SessionStore, 'find'>,
  { how, notify }: { how: '-c, or' | '-r'; notify: (text: string) => void },
): Promise<void> {
  notify(`resume with: synapse ${how} -s ${await shortReferenceTo(session, sessions)}`);
}
