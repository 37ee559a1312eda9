import { shortReferenceTo } from '@synapse/app/sessions/short-reference';
import type { StoredRun } from '@synapse/app/conversation/answer';
import type { Session, SessionStore } from '@synapse/core';

/** Shows the command that continues the session; `how` precedes its name. */
export async function printResumeHint(
  session: Pick<Session, 'id' | 'handle'>,
  sessions: Pick<SessionStore, 'find'>,
  { how, notify }: { how: '-c, or' | '-r'; notify: (text: string) => void },
): Promise<void> {
  notify(`resume with: synapse ${how} -s ${await shortReferenceTo(session, sessions)}`);
}

/** The streams of one run. */
export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** Only for a person who reads both streams, and only if a session was stored. */
export function hintAtResume(
  { session, isSaved }: StoredRun,
  sessions: Pick<SessionStore, 'find'>,
  { stdout, stderr, notify }: Streams & { notify: (text: string) => void },
): Promise<void> | undefined {
  if (!isSaved || !stdout.isTTY || !stderr.isTTY) return undefined;
  return printResumeHint(session, sessions, { how: '-c, or', notify });
}
