import type { Session } from '@synapse/core';
import { sessionToJson } from '../../output/message-json.ts';
import { describeSession } from '../../sessions/name-of.ts';
import { resolveSessions } from '../../sessions/resolve-sessions.ts';
import { restoreSession } from '../../sessions/restore-session.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { jsonFlag, sessionsArg } from '../../sessions/shared-flags.ts';

export default class SessionsRestore extends SessionsCommand {
  static override summary = 'take sessions out of the trash';
  static override description =
    'One that a limit would send back at once is pinned, so that it stays.';
  static override examples = ['synapse sessions restore my-project'];
  static override strict = false;
  static override args = sessionsArg;
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsRestore);
    await this.withSessions(flags, async ({ app, store }) => {
      const restored: Session[] = [];
      for (const found of await resolveSessions(store.sessions, argv as string[])) {
        const { session, heldBack } = await restoreSession(store, found, app);
        if (heldBack !== undefined) this.say(`pinned ${session.id}, as it is ${heldBack}`);
        restored.push(session);
      }
      if (flags.json) this.printJson({ items: restored.map(sessionToJson), nextCursor: null });
      else for (const session of restored) this.print(`restored ${describeSession(session)}`);
    });
  }
}
