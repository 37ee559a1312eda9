import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { createNotices } from '../output/notices.ts';
import { BaseCommand } from '../base-command.ts';
import { askFlags, refuseSingleAnswerFlags } from '../one-shot/ask-flags.ts';
import { conversationFlags } from '../one-shot/conversation-flags.ts';

export default class Ask extends BaseCommand {
  static override summary = 'ask a model, and store the session';
  static override usage = '[flags] <prompt …>, or synapse alone to chat';
  static override examples = [
    'synapse "What is a monad?"',
    'git diff | synapse write a commit message',
    'synapse -s my-project "Where were we?"',
    'synapse -c "And in Haskell?"',
    'synapse -f photo.jpg -f notes.md "How are these related?"',
    'synapse -x "A shell script that counts words" > count.sh',
    'synapse --provider demo "Hello"',
    'synapse --repl --continue',
  ];
  static override strict = false;
  static override args = {
    prompt: Args.string({
      description: 'the prompt; - reads it from stdin',
    }),
  };
  static override flags = {
    ...conversationFlags,
    ...askFlags,
    repl: Flags.boolean({
      char: 'r',
      description: 'start a chat; on a terminal, synapse alone does the same',
    }),
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ask);
    const words = argv as string[];
    const isAlone = words.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
    if (flags.repl || isAlone) {
      refuseSingleAnswerFlags(flags);
      const { default: Chat } = await import('./chat.ts');
      return BaseCommand.start(Chat, this.argv);
    }
    const app = await this.openApp(flags, {
      'limits.max_cost_run': flags['max-cost'],
      'limits.timeout': flags.timeout,
    });
    const { notify } = createNotices(process.stderr, { isQuiet: flags.quiet });
    for (const warning of app.warnings) notify(warning);
    // Help and completion know the flags without it.
    const { askOnce } = await import('../one-shot/ask-once.ts');
    await askOnce(app, flags, words, notify);
  }
}
