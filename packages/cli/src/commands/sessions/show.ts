import { isCounted, messageToJson, refuseMissing, sessionToJson } from '@synapse/portability';
import { pickMessages } from '@synapse/app/sessions/pick-messages';
import { toolRoots, searchPathOf } from '@synapse/app/wiring/tool-folders';
import { resolveSession } from '../../sessions/resolve-sessions.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { wholeSessionJson } from '../../sessions/session-json.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { showFlags, toMessageChoice } from '../../sessions/show-flags.ts';
import { writeToStream } from '../../sessions/write-to-stream.ts';

export default class SessionsShow extends SessionsCommand {
  static override summary = 'show the messages of a session';
  static override examples = [
    'synapse sessions show last',
    'synapse sessions show my-project --tail 4 --reasoning',
    'synapse sessions show my-project --head 10 --json',
    'synapse sessions show my-project --cursor before-201 --limit 50',
    'synapse sessions show my-project --all --json',
    'synapse sessions show last --variants',
  ];
  static override args = sessionArg;
  static override flags = showFlags;

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsShow);
    await this.withSessions(flags, async ({ app, store: { sessions }, outputStyle }) => {
      const session = await resolveSession(sessions, args.session);
      const choice = toMessageChoice(flags);
      if (flags.json && flags.all) {
        await writeToStream(process.stdout, wholeSessionJson(sessions, session, choice.turns));
        return;
      }
      const picked = await pickMessages(sessions, session.id, choice);
      const { messages, nextCursor } = picked;
      if (flags.all) await refuseMissing(sessions, session, messages.filter(isCounted).length);
      if (flags.json) {
        const shown = messages.map(messageToJson);
        this.printJson({ session: sessionToJson(session), messages: shown, nextCursor });
        return;
      }
      const { describeRest, showSession } = await import('../../sessions/show-session.ts');
      await showSession(session, messages, {
        ...{ outputStyle, output: process.stdout, environment: app.environment },
        searchPath: () => searchPathOf(app, toolRoots(app)),
        ...{ now: app.clock.now(), showsReasoning: flags.reasoning, usesPager: flags.pager },
      });
      if (nextCursor !== null) this.notify(describeRest(session, picked, choice));
    });
  }
}
