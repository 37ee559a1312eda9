import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { UsageError, type Session } from '@synapse/core';
import { toNameChange } from '@synapse/app/sessions/name-change';
import { sessionToJson } from '@synapse/portability';
import { toOneLine } from '../../sessions/name-of.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class SessionsRename extends SessionsCommand {
  static override summary = 'change the title or the name of a session';
  static override description = [
    'Lists show the title, which can be any words. The handle is a unique name of one word, for -s.',
    'Most sessions only need a title, so the words after the session are its new title.',
    'An empty title or handle ("") removes it.',
  ].join('\n');
  static override examples = [
    'synapse sessions rename last "Trip to Lisbon"',
    'synapse sessions rename last --handle lisbon',
    'synapse sessions rename lisbon "Trip to Porto" --handle porto',
  ];
  static override args = { ...sessionArg, title: Args.string({ description: 'the new title' }) };
  static override flags = {
    handle: Flags.string({ helpValue: '<name>', description: 'the new name, for -s' }),
    title: Flags.string({ helpValue: '<title>', description: 'the same as the title argument' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsRename);
    if (args.title !== undefined && flags.title !== undefined) {
      throw new UsageError('The new title is given twice: as an argument and with --title.');
    }
    const change = toNameChange({ handle: flags.handle, title: args.title ?? flags.title });
    await this.withSessions(flags, async ({ store: { sessions } }) => {
      const { id } = await resolveSession(sessions, args.session);
      const session = await sessions.update(id, change);
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else this.print(`renamed ${session.id}: ${describeNames(session)}`);
    });
  }
}

/** Shows both, because the user may have meant either. */
function describeNames({ title, handle }: Pick<Session, 'title' | 'handle'>): string {
  const shown = title === null ? 'no title' : toOneLine(title);
  return handle === null ? shown : `${shown} (-s ${handle})`;
}
