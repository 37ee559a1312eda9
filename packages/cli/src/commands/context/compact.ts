import * as Flags from '@oclif/core/flags';
import { InvalidDataError } from '@synapse/core';
import { Conversation } from '@synapse/app/conversation/conversation';
import { describeSummary } from '@synapse/app/conversation/summarise-session';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { sessionArg } from '../../sessions/session-flags.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { resolveSession } from '../../sessions/resolve-sessions.ts';

export default class ContextCompact extends SessionsCommand {
  static override summary = 'send the older turns of a session as a summary from now on';
  static override description =
    'The messages stay stored, and you can still show and search them. Only requests change.';
  static override examples = [
    'synapse context compact last',
    'synapse context compact my-project --model fast',
  ];
  static override args = sessionArg;
  static override flags = {
    provider: Flags.string({ char: 'p', description: 'the provider that writes the summary' }),
    model: Flags.string({ char: 'm', description: 'the model that writes the summary' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(ContextCompact);
    await this.withSessions(flags, async ({ app, store }) => {
      const session = await resolveSession(store.sessions, args.session);
      const model = await app.openModel(chooseModel(flags, session, app.settings));
      const agent = { tools: undefined, endSession: () => undefined };
      const conversation = new Conversation(app, { store, model, agent });
      const interrupts = listenForInterrupts();
      const summarise = async () => {
        await conversation.open(session);
        return conversation.summarise({ isForced: true, signal: interrupts.signal });
      };
      const report = await summarise().finally(async () => {
        interrupts.stop();
        await conversation.close();
      });
      interrupts.signal.throwIfAborted();
      if (report.outcome === 'failed') {
        throw new InvalidDataError(`No summary was made: ${report.reason ?? ''}`, {
          hint: 'The session is unchanged. Try another --model.',
        });
      }
      const { outcome, tokensBefore, tokensAfter, costNanoUsd } = report;
      const costUsd = costNanoUsd / 1e9;
      if (flags.json) {
        this.printJson({ sessionId: session.id, outcome, tokensBefore, tokensAfter, costUsd });
      } else
        this.print(describeSummary(report) ?? report.reason ?? 'there was nothing to summarise');
    });
  }
}
