import * as Args from '@oclif/core/args';
import { wrapColumns } from '@synapse/terminal';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { findSetting } from '@synapse/app/settings/find-setting';
import { describeOrigin, showSetting } from '@synapse/app/settings/list-settings';

export default class ConfigExplain extends BaseCommand {
  static override summary = 'explain a setting, and show where its value comes from';
  static override examples = ['synapse config explain session.database_url'];
  static override args = {
    key: Args.string({ required: true, description: 'the setting, such as session.max_sessions' }),
  };
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(ConfigExplain);
    const { path, leaf } = await findSetting(args.key);
    const app = await this.openApp(flags);
    const { key, value, origin } = await showSetting(app, path, leaf);
    const { doc, expected, variables } = leaf;
    if (flags.json) {
      this.printJson({ key, value, origin, default: leaf.default, doc, expected, variables });
      return;
    }
    const overridden = variables.filter((name) => name !== ('name' in origin ? origin.name : ''));
    this.show(`${key} = ${JSON.stringify(value)}`);
    this.show(`  from     ${describeOrigin(origin)}`);
    this.show(`  default  ${JSON.stringify(leaf.default)}`);
    this.show(`  form     ${expected}`);
    const meaning = `  meaning  ${doc}`;
    const { isTTY, columns } = process.stdout;
    this.show(isTTY && columns ? wrapColumns(meaning, columns) : meaning);
    if (overridden.length > 0) this.show(`  also     variable ${overridden.join(', ')}`);
  }
}
