import * as Args from '@oclif/core/args';
import { pinMessage } from '@synapse/core/conversation';
import { sessionToJson } from '@synapse/portability';
import { findMessage } from '@synapse/app/sessions/find-message';
import { describeSession } from './name-of.ts';
import { SessionsCommand } from './sessions-command.ts';
import { sessionArg } from './session-flags.ts';
import { jsonFlag } from '../shared-flags.ts';
import { withLease } from '@synapse/app/sessions/with-lease';
import { resolveSession } from './resolve-sessions.ts';

/** Sends a message in every request of its session, or no longer. */
export abstract class PinMessageCommand extends SessionsCommand {
  static override args = {
    ...sessionArg,
    message: Args.string({
      required: true,
      description: 'its number in "sessions show", or its id',
    }),
  };
  static override flags = { ...jsonFlag };

  protected abstract readonly isPinned: boolean;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(PinMessageCommand);
    await this.withSessions(flags, async ({ app, store }) => {
      const { sessions } = store;
      const session = await resolveSession(sessions, args.session);
      const { seq } = await findMessage(sessions, session.id, args.message);
      const writer = { sessions, sessionId: session.id, clock: app.clock };
      await withLease(app, store, session.id, (lease) =>
        pinMessage({ ...writer, lease }, seq, this.isPinned),
      );
      const done = this.isPinned ? 'is now sent in every request of' : 'is no longer pinned in';
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else this.print(`#${seq} ${done} ${describeSession(session)}`);
    });
  }
}
