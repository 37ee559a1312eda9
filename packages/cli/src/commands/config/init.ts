import { existsSync } from 'node:fs';
import { exampleToml, findPlaces } from '@synapse/config';
import { StorageError } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { changeSettingsText } from '@synapse/app/settings/settings-file';

export default class ConfigInit extends BaseCommand {
  static override summary = 'create a settings file that lists every setting, commented out';
  static override examples = ['synapse config init'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(ConfigInit);
    const path = findPlaces(process.env).configFile;
    refuseExisting(path);
    await changeSettingsText(path, () => {
      refuseExisting(path);
      return exampleToml();
    });
    if (flags.json) this.printJson({ path });
    else this.show(path);
  }
}

function refuseExisting(path: string): void {
  if (!existsSync(path)) return;
  throw new StorageError(`The file ${path} already exists.`, {
    reason: 'cannot-create',
    hint: 'synapse config edit opens it; synapse help settings lists every setting.',
  });
}
