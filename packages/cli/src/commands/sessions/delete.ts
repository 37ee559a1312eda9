import * as Flags from '@oclif/core/flags';
import type { Session } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { confirm } from '../../output/confirm.ts';
import { sessionToJson } from '@synapse/portability';
import { describeSession } from '../../sessions/name-of.ts';
import { resolveSessions } from '../../sessions/resolve-sessions.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { deleteSessions } from '@synapse/app/sessions/delete-sessions';
import { sessionsArg } from '../../sessions/session-flags.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';

export default class SessionsDelete extends SessionsCommand {
  static override summary = 'move sessions to the trash, or remove them for good';
  static override examples = [
    'synapse sessions delete my-project --yes',
    'synapse sessions delete my-project --purge --dry-run',
  ];
  static override strict = false;
  static override args = sessionsArg;
  static override flags = {
    purge: Flags.boolean({
      default: false,
      description: 'remove them and all derived data for good; this cannot be undone',
    }),
    ...dryRunFlag,
    ...yesFlag,
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsDelete);
    const { purge: isPurge, 'dry-run': isDryRun } = flags;
    await this.withSessions(flags, async ({ app, store }) => {
      const found = await resolveSessions(store.sessions, argv as string[]);
      if (!isDryRun) {
        for (const session of found) this.notify(describeItem(session));
        const question = isPurge ? 'Remove for good?' : 'Move to the trash?';
        const command = 'sessions delete';
        if (!(await confirm({ question, command, argv: this.argv, isConfirmed: flags.yes })))
          return;
        await deleteSessions(app, store, found, { isPurge });
      }
      if (flags.json) {
        this.printJson({ isDryRun, isPurge, items: found.map(sessionToJson), nextCursor: null });
        return;
      }
      const done = isPurge ? 'remove for good' : 'move to the trash';
      const past = isPurge ? 'removed for good' : 'moved to the trash';
      for (const session of found) {
        this.print(`${isDryRun ? `would ${done}` : past}: ${describeSession(session)}`);
      }
    });
  }
}

function describeItem(session: Session): string {
  return `${describeSession(session)} (${countOf(session.messageCount, 'message')}${session.pinned ? ', pinned' : ''})`;
}
