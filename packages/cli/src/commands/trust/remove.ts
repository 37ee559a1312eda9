import * as Args from '@oclif/core/args';
import { forgetFolder } from '@synapse/app/profiles/trust-folder';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class TrustRemove extends BaseCommand {
  static override summary = 'forget the decision about a folder';
  static override examples = ['synapse trust remove', 'synapse trust remove .'];
  static override args = {
    folder: Args.string({ description: 'a folder in the project; this one by default' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(TrustRemove);
    const app = await this.openApp(flags);
    const root = await forgetFolder(app, args.folder ?? '.');
    if (flags.json) this.printJson({ root, isTrusted: false });
    else this.show(`forgotten ${root}`);
  }
}
