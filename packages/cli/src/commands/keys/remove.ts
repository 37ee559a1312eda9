import * as Args from '@oclif/core/args';
import { ManageCommand, jsonFlag, yesFlag } from '../../manage/manage-command.ts';
import { confirm } from '../../output/confirm.ts';

export default class KeysRemove extends ManageCommand {
  static override summary = 'forget the key of a provider';
  static override examples = ['synapse keys remove anthropic --yes'];
  static override args = {
    provider: Args.string({ required: true, description: 'whose key it is' }),
  };
  static override flags = { ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(KeysRemove);
    const app = await this.openApp(flags);
    const keys = await app.openKeys();
    const isKept = Object.hasOwn(keys.places(), args.provider);
    if (isKept) {
      const question = `Forget the key of ${args.provider}?`;
      const isConfirmed = flags.yes;
      if (!(await confirm({ question, command: 'keys remove', argv: this.argv, isConfirmed }))) {
        return;
      }
    }
    const isRemoved = isKept && (await keys.remove(args.provider));
    if (flags.json) this.printJson({ provider: args.provider, isRemoved });
    else this.show(isRemoved ? 'removed' : `no key of "${args.provider}" is kept`);
  }
}
