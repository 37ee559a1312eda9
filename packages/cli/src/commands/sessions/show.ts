import * as Flags from '@oclif/core/flags';
import { isNote, type Session, type SessionStore, type TurnChoice } from '@synapse/core';
import { isCounted, messagePages, refuseMissing } from '@synapse/portability';
import { countOf } from '@synapse/core/words';
import { messageToJson, sessionToJson } from '../../output/message-json.ts';
import {
  fromMessageCursor,
  pickMessages,
  type MessageChoice,
  type PickedMessages,
} from '@synapse/app/sessions/pick-messages';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { writeToStream } from '../../sessions/write-to-stream.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { extraRoots, searchPathOf } from '@synapse/app/wiring/tool-folders';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

const countFlag = (description: string, options: object = {}) =>
  Flags.integer({ min: 1, max: 1_000_000, helpValue: '<count>', description, ...options });

export default class SessionsShow extends SessionsCommand {
  static override summary = 'show what was said in a session';
  static override examples = [
    'synapse sessions show last',
    'synapse sessions show my-project --tail 4 --reasoning',
    'synapse sessions show my-project --head 10 --json',
    'synapse sessions show my-project --cursor before-201 --limit 50',
    'synapse sessions show my-project --all --json',
    'synapse sessions show last --variants',
  ];
  static override args = sessionArg;
  static override flags = {
    head: countFlag('so many messages from the beginning', { exclusive: ['tail', 'limit', 'all'] }),
    tail: countFlag('so many messages from the end', { exclusive: ['head', 'limit', 'all'] }),
    limit: countFlag('the same as --tail, and how many with --cursor; by itself 100', {
      char: 'n',
      exclusive: ['head', 'tail', 'all'],
    }),
    all: Flags.boolean({
      description: 'every message',
      exclusive: ['head', 'tail', 'limit', 'cursor'],
    }),
    cursor: Flags.string({
      helpValue: '<cursor>',
      description: 'go on behind an earlier page: its nextCursor, like before-201',
      exclusive: ['head', 'tail', 'all'],
    }),
    reasoning: Flags.boolean({ description: 'what the model thought, too' }),
    pager: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'show what is longer than the screen in $PAGER',
    }),
    variants: Flags.boolean({
      description:
        'also the turns that are not part of the conversation: earlier answers, and what was undone',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsShow);
    await this.withSessions(flags, async ({ app, store: { sessions }, terminal }) => {
      const session = await resolveSession(sessions, args.session);
      const choice = choiceOf(flags);
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
      const { showSession } = await import('../../sessions/show-session.ts');
      await showSession(session, messages, {
        ...{ terminal, output: process.stdout, environment: app.environment },
        searchPath: () => searchPathOf(app, extraRoots(app)),
        ...{ now: app.clock.now(), showsReasoning: flags.reasoning, usesPager: flags.pager },
      });
      if (nextCursor !== null) this.say(describeRest(session, picked, choice));
    });
  }
}

const DEFAULT_COUNT = 100;

function choiceOf(flags: {
  head?: number | undefined;
  tail?: number | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
  all: boolean;
  variants: boolean;
}): MessageChoice {
  const turns = flags.variants ? 'all' : 'active';
  if (flags.all) return { end: 'head', count: Infinity, turns };
  const count = flags.head ?? flags.tail ?? flags.limit ?? DEFAULT_COUNT;
  if (flags.cursor !== undefined) return { ...fromMessageCursor(flags.cursor), count, turns };
  return { end: flags.head === undefined ? 'tail' : 'head', count, turns };
}

/** What is not shown, and how to see it. */
function describeRest(
  session: Session,
  { messages, nextCursor }: PickedMessages,
  { end, count, beyond, turns }: MessageChoice,
): string {
  const side = end === 'head' ? 'later' : 'earlier';
  const shownCount = messages.filter((message) => !isNote(message)).length;
  // Behind a cursor, what lies on its other side is not counted; nor is what is not active.
  const rest =
    beyond === undefined && turns === 'active'
      ? countOf(session.messageCount - shownCount, `${side} message`)
      : `${side} messages`;
  const limit = count === DEFAULT_COUNT ? '' : ` --limit ${count}`;
  return `there are ${rest}: --cursor ${nextCursor}${limit} shows the next of them, --all everything`;
}

/** Page by page: a session may be larger than what fits into memory. */
async function* wholeSessionJson(
  sessions: SessionStore,
  session: Session,
  turns: TurnChoice,
): AsyncGenerator<string> {
  yield `{"v":1,"session":${JSON.stringify(sessionToJson(session))},"messages":[`;
  let separator = '';
  let readCount = 0;
  for await (const page of messagePages(sessions, session.id, { turns })) {
    readCount += page.filter(isCounted).length;
    for (const message of page) {
      yield separator + JSON.stringify(messageToJson(message));
      separator = ',';
    }
  }
  await refuseMissing(sessions, session, readCount);
  yield '],"nextCursor":null}\n';
}
