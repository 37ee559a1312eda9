import { resolveSession, textOf, type Message } from '@synapse/core';
import { countOf } from '@synapse/terminal';
import { confirm } from '../../output/confirm.ts';
import { messageToJson, sessionToJson } from '../../output/message-json.ts';
import { describeSession, toOneLine } from '../../sessions/name-of.ts';
import { pickLastTurn } from '../../sessions/pick-last-turn.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { withLease } from '../../sessions/with-lease.ts';

const SHOWN_LENGTH = 120;

export default class SessionsUndo extends SessionsCommand {
  static override summary = 'remove the last question and its answer';
  static override examples = [
    'synapse sessions undo last --dry-run',
    'synapse sessions undo last --yes',
  ];
  static override args = sessionArg;
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsUndo);
    await this.withSessions(flags, async ({ app, store }) => {
      const found = await resolveSession(store.sessions, args.session);
      const turn = await pickLastTurn(store.sessions, found.id);
      const isDryRun = flags['dry-run'];
      if (turn.length > 0) {
        for (const message of turn) this.say(describeMessage(message));
        const question = `Remove ${countOf(turn.length, 'message')} for good?`;
        const command = 'sessions undo';
        const isConfirmed = isDryRun || flags.yes;
        if (!(await confirm({ question, command, argv: this.argv, isConfirmed }))) return;
      }
      const removed = isDryRun
        ? turn
        : await withLease(app, store, found.id, (lease) =>
            store.sessions.undoTurn(found.id, lease),
          );
      const session = (await store.sessions.get(found.id)) ?? found;
      if (flags.json) {
        const messages = removed.map(messageToJson);
        this.printJson({ isDryRun, session: sessionToJson(session), messages });
        return;
      }
      const done = isDryRun ? 'would remove' : 'removed';
      this.print(`${done} ${countOf(removed.length, 'message')} from ${describeSession(session)}`);
    });
  }
}

function describeMessage({ seq, role, parts }: Message): string {
  return `#${seq} ${role}: ${toOneLine(textOf(parts).slice(0, SHOWN_LENGTH))}`;
}
