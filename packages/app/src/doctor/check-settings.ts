import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../wiring.ts';
import { ok, warn, type Check } from './check.ts';
import { checkModes } from './check-files.ts';

export function checkSettings({ file, settings, places, warnings }: App): Check[] {
  const log = settings.log.file ?? join(places.stateFolder, 'synapse.log');
  return [
    ok(
      'settings',
      existsSync(file) ? file : `${file} (not found: all settings are at their defaults)`,
    ),
    ...warnings.map((text) => warn('settings', text, `chmod 600 '${file}'`)),
    ok('log', `${log}, level ${settings.log.level}`),
    ...checkModes([file, join(places.configFolder, 'keys.json'), log]),
  ];
}
