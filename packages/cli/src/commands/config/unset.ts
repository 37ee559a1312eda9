import * as Args from '@oclif/core/args';
import { findPlaces } from '@synapse/config';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { changeSetting } from '@synapse/app/settings/change-setting';
import { findSetting } from '@synapse/app/settings/find-setting';

export default class ConfigUnset extends BaseCommand {
  static override summary = 'remove a setting from the file, so that its default applies';
  static override examples = ['synapse config unset session.max_sessions'];
  static override args = {
    key: Args.string({ required: true, description: 'the setting, such as session.max_sessions' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ConfigUnset);
    const { path } = await findSetting(args.key);
    const file = findPlaces(process.env).configFile;
    await changeSetting({ file, environment: process.env }, path, () => undefined);
    if (flags.json) this.printJson({ key: args.key, file });
  }
}
