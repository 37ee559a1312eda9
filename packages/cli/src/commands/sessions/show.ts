import * as Flags from '@oclif/core/flags';
import { isNote, resolveSession } from '@synapse/core';
import { messageToJson, sessionToJson } from '../../output/message-json.ts';
import { countOf } from '../../render/count-of.ts';
import { pickMessages, type MessageChoice } from '../../sessions/pick-messages.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { extraRoots } from '../../wiring/extra-roots.ts';
import { searchPathOf } from '../../wiring/search-path.ts';

const countFlag = (description: string, options: object = {}) =>
  Flags.integer({ min: 1, max: 1_000_000, helpValue: '<count>', description, ...options });

export default class SessionsShow extends SessionsCommand {
  static override summary = 'show what was said in a session';
  static override examples = [
    'synapse sessions show last',
    'synapse sessions show my-project --tail 4 --reasoning',
    'synapse sessions show my-project --head 10 --json',
  ];
  static override args = sessionArg;
  static override flags = {
    head: countFlag('so many messages from the beginning', { exclusive: ['tail', 'limit'] }),
    tail: countFlag('so many messages from the end', { exclusive: ['head', 'limit'] }),
    limit: countFlag('the same as --tail; 100 unless told', {
      char: 'n',
      exclusive: ['head', 'tail'],
    }),
    reasoning: Flags.boolean({ description: 'what the model thought, too' }),
    pager: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'show what is longer than the screen in $PAGER',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsShow);
    await this.withSessions(flags, async ({ app, store: { sessions }, terminal }) => {
      const session = await resolveSession(sessions, args.session);
      const messages = await pickMessages(sessions, session.id, choiceOf(flags));
      if (flags.json) {
        this.printJson({ session: sessionToJson(session), messages: messages.map(messageToJson) });
        return;
      }
      const { showSession } = await import('../../sessions/show-session.ts');
      await showSession(session, messages, {
        ...{ terminal, output: process.stdout, environment: app.environment },
        searchPath: () => searchPathOf(app.environment, extraRoots(app)),
        ...{ now: app.clock.now(), showsReasoning: flags.reasoning, usesPager: flags.pager },
      });
      const told = messages.filter((message) => !isNote(message));
      const missing = session.messageCount - told.length;
      if (missing > 0) this.say(`${countOf(missing, 'more message')}: --head, --tail`);
    });
  }
}

function choiceOf(flags: {
  head?: number | undefined;
  tail?: number | undefined;
  limit?: number | undefined;
}): MessageChoice {
  if (flags.head !== undefined) return { end: 'head', count: flags.head };
  return { end: 'tail', count: flags.tail ?? flags.limit ?? 100 };
}
