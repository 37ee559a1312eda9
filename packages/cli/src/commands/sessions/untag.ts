import * as Args from '@oclif/core/args';
import { UsageError } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { describeSession, toOneLine } from '../../sessions/name-of.ts';

import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class SessionsUntag extends SessionsCommand {
  static override summary = 'remove tags from a session';
  static override usage = '<session> <tag …> [flags]';
  static override examples = ['synapse sessions untag my-project work urgent'];
  static override strict = false;
  static override args = { ...sessionArg, tag: Args.string({ description: 'one or more tags' }) };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(SessionsUntag);
    // Both as typed, because an import may have stored it so, and as "tag" stores it.
    const tags = (argv as string[]).slice(1).flatMap((tag) => [tag, tag.normalize('NFC').trim()]);
    if (tags.length === 0) throw new UsageError('Give at least one tag.');
    await this.withSessions(flags, async ({ store: { sessions } }) => {
      const { id } = await resolveSession(sessions, args.session);
      const session = await sessions.update(id, { removeTags: tags });
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else
        this.print(
          `${describeSession(session)}: ${toOneLine(session.tags.join(', ')) || 'no tags'}`,
        );
    });
  }
}
