import * as Args from '@oclif/core/args';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { findSetting } from '@synapse/app/settings/find-setting';
import { listSettings, showSetting } from '@synapse/app/settings/list-settings';
import { toBareText } from '@synapse/app/settings/show-value';

export default class ConfigGet extends BaseCommand {
  static override summary = 'print only the value of a setting';
  static override examples = ['synapse config get session.max_sessions'];
  static override args = {
    key: Args.string({ required: true, description: 'the setting, such as session.max_sessions' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ConfigGet);
    const { path, leaf, isTable } = await findSetting(args.key);
    const app = await this.openApp(flags);
    if (isTable) {
      const all = await listSettings(app);
      const entries = all.filter(({ key }) => key.startsWith(`${args.key}.`));
      if (flags.json)
        this.printJson({
          key: args.key,
          value: Object.fromEntries(entries.map(({ key, value }) => [key, value])),
        });
      else for (const { key, value } of entries) this.show(`${key} = ${JSON.stringify(value)}`);
      return;
    }
    const { key, value } = await showSetting(app, path, leaf);
    if (flags.json) this.printJson({ key, value });
    else this.show(toBareText(value));
  }
}
