import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../base-command.ts';
import { toSafeText } from '../render/safe-text.ts';

export const jsonFlag = {
  json: Flags.boolean({ description: 'print JSON' }),
};

export const yesFlag = {
  yes: Flags.boolean({ char: 'y', description: 'do it without asking' }),
};

export const dryRunFlag = {
  'dry-run': Flags.boolean({ default: false, description: 'only show what would happen' }),
};

/** What the commands that look after Synapse itself share. */
export abstract class ManageCommand extends BaseCommand {
  /** To who watches, not to who reads the result. */
  protected say(text: string): void {
    process.stderr.write(`synapse: ${toSafeText(text)}\n`);
  }

  /** A line of the result, safe for a terminal whatever it holds. */
  protected show(text: string): void {
    this.print(process.stdout.isTTY ? toSafeText(text) : text);
  }
}
