import { existsSync } from 'node:fs';
import { exampleToml, findPlaces } from '@synapse/config';
import { StorageError } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { writeSettingsText } from '../../settings/settings-file.ts';

export default class ConfigInit extends BaseCommand {
  static override summary = 'make a settings file that has everything, commented out';
  static override examples = ['synapse config init'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigInit);
    const path = findPlaces(process.env).configFile;
    if (existsSync(path)) {
      throw new StorageError(`There is a file ${path} already.`, {
        reason: 'cannot-create',
        hint: 'synapse config edit opens it; synapse help settings lists what it may hold.',
      });
    }
    writeSettingsText(path, exampleToml());
    if (flags.json) this.printJson({ path });
    else this.show(path);
  }
}
