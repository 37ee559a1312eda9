import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { outputStyleOf } from '../../output/output-style.ts';
import {
  describeOrigin,
  listSettings,
  type ShownSetting,
} from '@synapse/app/settings/list-settings';

export default class ConfigList extends BaseCommand {
  static override summary = 'show every setting, its value, and the source of the value';
  static override examples = ['synapse config list', 'synapse config list --changed'];
  static override flags = {
    changed: Flags.boolean({ description: 'only settings that are not at their default' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigList);
    const app = await this.openApp(flags);
    const settings = await listSettings(app);
    const items = settings.filter(({ origin }) => !flags.changed || origin.source !== 'default');
    if (flags.json) {
      this.printJson({ items, nextCursor: null });
      return;
    }
    if (items.length === 0) {
      this.notify('every setting is at its default');
      return;
    }
    const { toTable } = await import('@synapse/terminal');
    const columns = [
      { title: 'SETTING', text: ({ key }: ShownSetting) => key },
      {
        title: 'VALUE',
        text: ({ value }: ShownSetting) => (value === null ? '–' : JSON.stringify(value)),
        isFlexible: true,
      },
      {
        title: 'FROM',
        text: ({ origin }: ShownSetting) => describeOrigin(origin),
        isFlexible: true,
      },
    ];
    process.stdout.write(toTable(columns, items, outputStyleOf(process.stdout, app)));
  }
}
