import { textOf, type Message } from '@synapse/core';
import { SessionChangedError } from '@synapse/core/server';
import { countOf } from '@synapse/core/words';
import { confirm } from '../../output/confirm.ts';
import { messageToJson, sessionToJson } from '@synapse/portability';
import { describeSession, toOneLine } from '../../sessions/name-of.ts';
import { pickLastTurn } from '@synapse/app/sessions/pick-last-turn';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { withLease } from '@synapse/app/sessions/with-lease';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

const SHOWN_LENGTH = 120;

export default class SessionsUndo extends SessionsCommand {
  static override summary = 'undo the last question and its answer';
  static override examples = [
    'synapse sessions undo last --dry-run',
    'synapse sessions undo last --yes',
  ];
  static override description =
    'They stay stored: "sessions show --variants" shows them. "sessions clear" removes messages for good.';
  static override args = sessionArg;
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsUndo);
    await this.withSessions(flags, async ({ app, store }) => {
      const found = await resolveSession(store.sessions, args.session);
      const turn = await pickLastTurn(store.sessions, found.id);
      const isDryRun = flags['dry-run'];
      if (turn.length > 0) {
        for (const message of turn) this.notify(describeMessage(message));
        const question = `Undo this turn of ${countOf(turn.length, 'message')}?`;
        const command = 'sessions undo';
        const isConfirmed = isDryRun || flags.yes;
        if (!(await confirm({ question, command, argv: this.argv, isConfirmed }))) return;
      }
      const undone = isDryRun
        ? turn
        : await withLease(app, store, found.id, async (lease) => {
            // Another process may have undone or added a turn since this one was shown.
            const [last] = await pickLastTurn(store.sessions, found.id);
            if (last?.turn === turn[0]?.turn) return store.sessions.undoTurn(found.id, lease);
            const { revision } = (await store.sessions.get(found.id)) ?? found;
            throw new SessionChangedError(found.id, revision);
          });
      const session = (await store.sessions.get(found.id)) ?? found;
      if (flags.json) {
        const messages = undone.map(messageToJson);
        this.printJson({ isDryRun, session: sessionToJson(session), messages });
        return;
      }
      const done = isDryRun ? 'would undo' : 'undid';
      const count = countOf(undone.length, 'message');
      this.print(`${done} ${count} of ${describeSession(session)}`);
    });
  }
}

function describeMessage({ seq, role, parts }: Message): string {
  return `#${seq} ${role}: ${toOneLine(textOf(parts).slice(0, SHOWN_LENGTH))}`;
}
