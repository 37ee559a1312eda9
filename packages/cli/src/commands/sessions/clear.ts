import { countOf } from '@synapse/core/words';
import { confirm } from '../../output/confirm.ts';
import { sessionToJson } from '@synapse/portability';
import { describeSession } from '../../sessions/name-of.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { withLease } from '@synapse/app/sessions/with-lease';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class SessionsClear extends SessionsCommand {
  static override summary = 'remove all messages of a session for good, but keep the session';
  static override examples = [
    'synapse sessions clear scratch --dry-run',
    'synapse sessions clear scratch --yes',
  ];
  static override args = sessionArg;
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsClear);
    await this.withSessions(flags, async ({ app, store }) => {
      const found = await resolveSession(store.sessions, args.session);
      const isDryRun = flags['dry-run'];
      if (!isDryRun) {
        this.notify(`${describeSession(found)}: ${countOf(found.messageCount, 'message')}`);
        const question = 'Remove all of them for good?';
        const command = 'sessions clear';
        if (!(await confirm({ question, command, argv: this.argv, isConfirmed: flags.yes })))
          return;
        await withLease(app, store, found.id, (lease) => store.sessions.clear(found.id, lease));
      }
      const session = (await store.sessions.get(found.id)) ?? found;
      const removedCount = isDryRun
        ? found.messageCount
        : found.messageCount - session.messageCount;
      const done = isDryRun ? 'would remove' : 'removed';
      if (flags.json) this.printJson({ isDryRun, session: sessionToJson(session), removedCount });
      else
        this.print(`${done} ${countOf(removedCount, 'message')} from ${describeSession(session)}`);
    });
  }
}
