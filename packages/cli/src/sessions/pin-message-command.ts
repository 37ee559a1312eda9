import * as Args from '@oclif/core/args';
import { pinMessage, resolveSession, UsageError } from '@synapse/core';
import { sessionToJson } from '../output/message-json.ts';
import { describeSession } from './name-of.ts';
import { SessionsCommand } from './sessions-command.ts';
import { sessionArg } from './session-flags.ts';
import { jsonFlag } from '../shared-flags.ts';
import { withLease } from './with-lease.ts';

/** Sends a message in every request of its session, or no longer. */
export abstract class PinMessageCommand extends SessionsCommand {
  static override args = {
    ...sessionArg,
    message: Args.string({
      required: true,
      description: 'the number that "synapse sessions show" gives it',
    }),
  };
  static override flags = { ...jsonFlag };

  protected abstract readonly isPinned: boolean;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(PinMessageCommand);
    const seq = toMessageNumber(args.message);
    await this.withSessions(flags, async ({ app, store }) => {
      const { sessions } = store;
      const session = await resolveSession(sessions, args.session);
      const writer = { sessions, sessionId: session.id, clock: app.clock };
      await withLease(app, store, session.id, (lease) =>
        pinMessage({ ...writer, lease }, seq, this.isPinned),
      );
      const done = this.isPinned ? 'goes into every request of' : 'is no longer pinned in';
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else this.print(`#${seq} ${done} ${describeSession(session)}`);
    });
  }
}

function toMessageNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(
    `The number of a message is a whole one from 1; "${text.slice(0, 40)}" is none.`,
    {
      hint: 'synapse sessions show tells the numbers of a session.',
    },
  );
}
