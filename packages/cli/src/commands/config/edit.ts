import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { exampleToml, findPlaces, loadSettings } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { changeSettingsText } from '@synapse/app/settings/settings-file';
import { toConfigError } from '@synapse/app/wiring';
import { searchPathOf } from '@synapse/app/wiring/tool-folders';

export default class ConfigEdit extends BaseCommand {
  static override summary = 'open the settings file in your editor, then check it';
  static override examples = ['synapse config edit'];

  override async run(): Promise<void> {
    await this.parse(ConfigEdit);
    const { VISUAL, EDITOR } = process.env;
    const editor = [VISUAL, EDITOR].find((command) => command?.trim());
    if (editor === undefined) {
      throw new UsageError('No editor is configured.', {
        hint: 'Set EDITOR, for example: export EDITOR=vi',
      });
    }
    const file = findPlaces(process.env).configFile;
    const here = { environment: process.env, here: process.cwd() };
    if (!existsSync(file)) await changeSettingsText(file, (text) => text || exampleToml());
    // Through a shell, because $EDITOR may have arguments; the file is a separate one.
    const { status } = spawnSync(`${editor} "$SYNAPSE_EDITED_FILE"`, {
      shell: true,
      stdio: 'inherit',
      env: { ...process.env, PATH: await searchPathOf(here), SYNAPSE_EDITED_FILE: file },
    });
    if (status !== 0) {
      throw new UsageError(`The editor "${editor}" exited with ${status ?? 'a signal'}.`);
    }
    await loadSettings({ environment: process.env }).catch(toConfigError);
    this.notify(`${file} is valid`);
  }
}
