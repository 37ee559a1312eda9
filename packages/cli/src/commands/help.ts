import * as Args from '@oclif/core/args';
import { BaseCommand } from '../base-command.ts';

export default class Help extends BaseCommand {
  static override summary = 'show help on a command or a topic';
  static override examples = ['synapse help', 'synapse help sessions', 'synapse help exit-codes'];
  static override strict = false;
  static override args = {
    topic: Args.string({ description: 'a command, a topic, or exit-codes, environment, settings' }),
  };

  override async run(): Promise<void> {
    const words = this.argv.filter((word) => !word.startsWith('-'));
    const { helpText } = await import('../help/help-text.ts');
    const text = await helpText(words.join(' '));
    const { isTTY, columns } = process.stdout;
    if (!isTTY || !columns) this.print(text);
    else {
      const { wrapColumns } = await import('@synapse/terminal');
      this.print(wrapColumns(text, columns));
    }
  }
}
