import { SessionNotFoundError, type Session, type SessionStore } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { describeSession } from '../../sessions/name-of.ts';
import { resolveSessions } from '../../sessions/resolve-sessions.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionsArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class SessionsRestore extends SessionsCommand {
  static override summary = 'restore sessions from the trash';
  static override description =
    '"last" is the session that was moved to the trash last. A restored session counts as used now, so that\n' +
    'no limit moves it back at once.';
  static override examples = [
    'synapse sessions restore my-project',
    'synapse sessions restore last',
  ];
  static override strict = false;
  static override args = sessionsArg;
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsRestore);
    await this.withSessions(flags, async ({ app, store }) => {
      const restored: Session[] = [];
      const references: string[] = [];
      for (const word of argv as string[]) {
        references.push(word === 'last' ? await lastTrashed(store.sessions) : word);
      }
      for (const found of await resolveSessions(store.sessions, references)) {
        if (found.deletedAt === null) {
          this.notify(`${describeSession(found)} is not in the trash`);
          continue;
        }
        restored.push(await store.sessions.restore(found.id, app.clock.now()));
      }
      if (flags.json) this.printJson({ items: restored.map(sessionToJson), nextCursor: null });
      else for (const session of restored) this.print(`restored ${describeSession(session)}`);
    });
  }
}

const MOST_PER_PAGE = 500;

/** The id of the session that was moved to the trash last, whenever it was used. */
async function lastTrashed(sessions: Pick<SessionStore, 'list'>): Promise<string> {
  let last: Session | undefined;
  let cursor: string | null | undefined;
  do {
    const page = await sessions.list({
      ...{ trashed: true, archived: 'any', limit: MOST_PER_PAGE },
      ...(cursor && { cursor }),
    });
    for (const session of page.items) {
      if ((session.deletedAt ?? 0) > (last?.deletedAt ?? 0)) last = session;
    }
    cursor = page.nextCursor;
  } while (cursor);
  if (last) return last.id;
  throw new SessionNotFoundError('last', { hint: 'The trash is empty.' });
}
