import * as Args from '@oclif/core/args';
import { trustFolder } from '@synapse/app/profiles/trust-folder';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class TrustAdd extends BaseCommand {
  static override summary = 'trust the files of a folder: its instructions, agents and skills';
  static override description =
    'Trust a folder only if you trust everybody who can change its files.\nTrust permits no tool: models still need your approval.';
  static override examples = ['synapse trust add', 'synapse trust add .'];
  static override args = {
    folder: Args.string({ description: 'a folder in the project; this one by default' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(TrustAdd);
    const app = await this.openApp(flags);
    const root = await trustFolder(app, args.folder ?? '.');
    if (flags.json) this.printJson({ root, isTrusted: true });
    else this.show(`trusted ${root}`);
  }
}
