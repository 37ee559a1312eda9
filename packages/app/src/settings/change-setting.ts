import { checkDocument, editDocument, loadSettings, UneditableError } from '@synapse/config';
import { ConfigError, UsageError } from '@synapse/core';
import { toConfigError } from '../wiring.ts';
import type { FoundSetting } from './find-setting.ts';
import { changeSettingsText } from './settings-file.ts';

/** The value of a setting that does not change. */
export const unchanged = Symbol('unchanged');

/** Parses the text of a value for the setting; throws a ConfigError with the right form. */
export function parseSetting({ path, leaf, isTable }: FoundSetting, text: string): unknown {
  const key = path.join('.');
  if (isTable) {
    throw new UsageError(`"${key}" is a table.`, {
      hint: `Set a key in it: synapse config set ${key}.<name>… <value>`,
    });
  }
  const value = leaf.parse(text);
  const [finding] = checkDocument(value, leaf);
  if (!finding) return value;
  throw new ConfigError(`${key} ${finding.message}`, {
    hint: `${leaf.doc} More: synapse config explain ${key}`,
  });
}

/** The settings file, and what its values may refer to. */
export interface SettingsPlace {
  file: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Writes a value, or removes the key if the value is undefined, and leaves the rest of the file
 * unchanged. `toValue` is called while no other process changes the file, and may read it.
 */
export async function changeSetting(
  { file, environment }: SettingsPlace,
  path: readonly string[],
  toValue: () => unknown,
): Promise<void> {
  await changeSettingsText(file, async (text) => {
    const value = await toValue();
    if (value === unchanged) return undefined;
    try {
      return await editDocument(text, { path, value });
    } catch (error) {
      if (error instanceof UneditableError) {
        throw new ConfigError(`${file}: ${path.join('.')} ${error.message}`, {
          hint: 'synapse config edit opens the file.',
        });
      }
      // A text that is not TOML is reported with its line, as everywhere.
      await loadSettings({ environment: { ...environment, SYNAPSE_CONFIG: file } }).catch(
        toConfigError,
      );
      throw error;
    }
  });
}
