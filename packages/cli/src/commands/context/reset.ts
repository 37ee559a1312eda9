import { resetContext } from '@synapse/core/conversation';
import { sessionToJson } from '@synapse/portability';
import { describeSession } from '../../sessions/name-of.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { withLease } from '@synapse/app/sessions/with-lease';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class ContextReset extends SessionsCommand {
  static override summary =
    'leave all earlier messages of a session out of requests; they stay stored';
  static override description = 'Pinned messages are still sent.';
  static override examples = ['synapse context reset last'];
  static override args = sessionArg;
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ContextReset);
    await this.withSessions(flags, async ({ app, store }) => {
      const { sessions } = store;
      const session = await resolveSession(sessions, args.session);
      await withLease(app, store, session.id, (lease) =>
        resetContext({ sessions, sessionId: session.id, lease, clock: app.clock }),
      );
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else
        this.print(
          `the next request leaves out all earlier messages of ${describeSession(session)}`,
        );
    });
  }
}
