import * as Flags from '@oclif/core/flags';
import { reportContext } from '@synapse/core/conversation';
import { resolveProvider } from '@synapse/core/models';
import { openOneShotAgent } from '../agent/one-shot-agent.ts';
import { contextLines } from '../conversation/context-lines.ts';
import { openContext } from '@synapse/app/conversation/open-context';
import { withWindow } from '@synapse/app/models/ask-window';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import { SessionsCommand } from '../sessions/sessions-command.ts';
import { sessionArg } from '../sessions/session-flags.ts';
import { jsonFlag } from '../shared-flags.ts';
import { resolveSession } from '../sessions/resolve-sessions.ts';

export default class Context extends SessionsCommand {
  static override summary = 'show the content of the next request of a session, in tokens';
  static override description =
    'Counts are exact where the provider has reported them, and marked as estimates otherwise. Nothing is sent.';
  static override examples = [
    'synapse context last',
    'synapse context my-project --json',
    'synapse context my-project --model openai/gpt-5-mini',
  ];
  static override args = sessionArg;
  static override flags = {
    provider: Flags.string({ char: 'p', description: 'the provider to count tokens for' }),
    model: Flags.string({ char: 'm', description: 'the model to count tokens for' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Context);
    await this.withSessions(flags, async ({ app, store, outputStyle }) => {
      const session = await resolveSession(store.sessions, args.session);
      // Nothing is sent, so no key is needed.
      const sources = { ...app.providerSources, findStoredKey: async () => 'not-needed' };
      const resolved = await resolveProvider(chooseModel(flags, session, app.settings), sources);
      const setup = await withWindow(resolved, app.settings);
      const agent = await openOneShotAgent(app, store, { yolo: false, quiet: flags.json });
      const context = openContext(app, store, session, setup, () => agent.tools);
      const report = await reportContext(context).finally(() => agent.close());
      const { name, model } = setup;
      if (flags.json) this.printJson({ sessionId: session.id, provider: name, model, ...report });
      else for (const line of contextLines(report, outputStyle.style)) this.print(line);
    });
  }
}
