import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { createNotices } from '../output/notices.ts';
import { BaseCommand } from '../base-command.ts';
import { conversationFlags } from '../one-shot/conversation-flags.ts';

export default class Chat extends BaseCommand {
  static override summary = 'chat with a model; the same as synapse -r';
  static override usage = '[flags] [<first prompt …>]';
  static override examples = [
    'synapse chat',
    'synapse chat --continue',
    'synapse chat -s my-project',
  ];
  static override strict = false;
  static override args = {
    prompt: Args.string({ description: 'the first prompt' }),
  };
  static override flags = {
    ...conversationFlags,
    repl: Flags.boolean({ char: 'r', hidden: true }),
    timeout: Flags.string({ hidden: true }),
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Chat);
    const app = await this.openApp(flags, { 'limits.max_cost_run': flags['max-cost'] });
    const { notify } = createNotices(process.stderr, { isQuiet: flags.quiet });
    for (const warning of app.warnings) notify(warning);
    const { startChat } = await import('../repl/start-chat.ts');
    await startChat(app, flags, (argv as string[]).join(' '), notify);
  }
}
