import * as Args from '@oclif/core/args';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { confirm } from '../../output/confirm.ts';

export default class KeysRemove extends BaseCommand {
  static override summary = 'remove the key of a provider';
  static override examples = [
    'synapse keys remove anthropic --dry-run',
    'synapse keys remove anthropic --yes',
  ];
  static override args = {
    provider: Args.string({ required: true, description: 'the provider of the key' }),
  };
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(KeysRemove);
    const app = await this.openApp(flags);
    const keys = await app.openKeys();
    const isKept = Object.hasOwn(keys.places(), args.provider);
    const isDryRun = flags['dry-run'];
    if (isKept) {
      const question = `Remove the key of ${args.provider}?`;
      const isConfirmed = isDryRun || flags.yes;
      if (!(await confirm({ question, command: 'keys remove', argv: this.argv, isConfirmed }))) {
        return;
      }
    }
    const isRemoved = isKept && (isDryRun || (await keys.remove(args.provider)));
    if (flags.json) this.printJson({ isDryRun, provider: args.provider, isRemoved });
    else if (!isRemoved) this.show(`no key of "${args.provider}" is stored`);
    else this.show(isDryRun ? `would remove the key of ${args.provider}` : 'removed');
  }
}
