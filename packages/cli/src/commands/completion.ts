import * as Args from '@oclif/core/args';
import { BaseCommand } from '../base-command.ts';
import { stubs } from '../completion/stubs.ts';

export default class Completion extends BaseCommand {
  static override summary =
    'print a script that lets a shell complete commands, flags, sessions and models';
  static override examples = [
    'eval "$(synapse completion bash)"',
    'synapse completion fish > ~/.config/fish/completions/synapse.fish',
  ];
  static override args = {
    shell: Args.option({ options: ['bash', 'zsh', 'fish', 'powershell'] as const })({
      required: true,
      description: 'bash, zsh, fish or powershell',
    }),
  };

  override async run(): Promise<void> {
    const { args } = await this.parse(Completion);
    process.stdout.write(stubs[args.shell]);
  }
}
