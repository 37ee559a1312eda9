import * as Args from '@oclif/core/args';
import { UsageError } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { describeSession, toOneLine } from '../../sessions/name-of.ts';
import { parseTag } from '@synapse/app/sessions/parse-tag';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class SessionsTag extends SessionsCommand {
  static override summary = 'add tags to a session';
  static override usage = '<session> <tag …> [flags]';
  static override examples = ['synapse sessions tag my-project work urgent'];
  static override strict = false;
  static override args = { ...sessionArg, tag: Args.string({ description: 'one or more tags' }) };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags, argv } = await this.parse(SessionsTag);
    const tags = (argv as string[]).slice(1).map(parseTag);
    if (tags.length === 0) throw new UsageError('Give at least one tag.');
    await this.withSessions(flags, async ({ store: { sessions } }) => {
      const { id } = await resolveSession(sessions, args.session);
      const session = await sessions.update(id, { addTags: tags });
      if (flags.json) this.printJson({ session: sessionToJson(session) });
      else
        this.print(
          `${describeSession(session)}: ${toOneLine(session.tags.join(', ')) || 'no tags'}`,
        );
    });
  }
}
