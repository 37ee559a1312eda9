import { existsSync } from 'node:fs';
import { findPlaces } from '@synapse/config';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class ConfigPath extends BaseCommand {
  static override summary = 'print the path of the settings file';
  static override examples = ['synapse config path', 'synapse config path --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigPath);
    const path = findPlaces(process.env).configFile;
    const exists = existsSync(path);
    if (flags.json) this.printJson({ path, exists });
    else this.show(path);
    if (!exists) this.notify('it does not exist yet; synapse config init creates it');
  }
}
