import { readDocument } from '@synapse/config';
import { changeSetting, unchanged, type SettingsPlace } from '../settings/change-setting.ts';

/** Adds rules to `tools.allow` of the config file, and leaves the rest unchanged. */
export async function rememberRules(place: SettingsPlace, rules: readonly string[]): Promise<void> {
  await changeSetting(place, ['tools', 'allow'], async () => {
    const allowed = await readRemembered(place.file);
    const missing = rules.filter((rule) => !allowed.includes(rule));
    return missing.length > 0 ? [...allowed, ...missing] : unchanged;
  });
}

/** A file that cannot be read counts as empty here; the change reports the problem. */
async function readRemembered(file: string): Promise<unknown[]> {
  const document = await readDocument(file);
  const tools = document && 'value' in document ? document.value.tools : undefined;
  const { allow = [] } = (tools ?? {}) as { allow?: unknown[] };
  return allow;
}
