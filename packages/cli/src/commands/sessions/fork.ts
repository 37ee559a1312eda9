import * as Flags from '@oclif/core/flags';
import { newId, parseHandle } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { sessionToJson } from '@synapse/portability';
import { findMessage } from '@synapse/app/sessions/find-message';
import { describeSession } from '../../sessions/name-of.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class SessionsFork extends SessionsCommand {
  static override summary = 'copy a session, to continue it in another direction';
  static override examples = [
    'synapse sessions fork last',
    'synapse sessions fork my-project --at 4 --handle my-other-project',
  ];
  static override args = sessionArg;
  static override flags = {
    at: Flags.string({
      helpValue: '<message>',
      description: 'the last message to copy: its number in "sessions show", or its id',
    }),
    handle: Flags.string({ helpValue: '<name>', description: 'the name of the copy, for -s' }),
    title: Flags.string({ helpValue: '<title>', description: 'the title of the copy' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsFork);
    const handle = flags.handle === undefined ? undefined : parseHandle(flags.handle);
    await this.withSessions(flags, async ({ app, store: { sessions } }) => {
      const origin = await resolveSession(sessions, args.session);
      const last =
        flags.at === undefined ? undefined : await findMessage(sessions, origin.id, flags.at);
      const fork = await sessions.fork(origin.id, {
        id: newId(),
        createdAt: app.clock.now(),
        throughMessageId: last?.id,
        ...(handle !== undefined && { handle }),
        ...(flags.title !== undefined && { title: flags.title }),
      });
      if (flags.json) this.printJson({ session: sessionToJson(fork) });
      else this.print(`forked ${describeSession(fork)}, ${countOf(fork.messageCount, 'message')}`);
    });
  }
}
