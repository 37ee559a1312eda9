import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '../wiring.ts';

/**
 * Remembers that the user chose the demo, so that they are not asked again. It is not a setting: a key
 * that is found later takes precedence, and nothing else falls back to the demo.
 */
export function isDemoChosen({ places }: Pick<App, 'places'>): boolean {
  return existsSync(join(places.stateFolder, 'chosen-demo'));
}

export function rememberDemo({ places, logger }: Pick<App, 'places' | 'logger'>): void {
  try {
    mkdirSync(places.stateFolder, { recursive: true, mode: 0o700 });
    writeFileSync(join(places.stateFolder, 'chosen-demo'), '', { mode: 0o600 });
  } catch (error) {
    logger.warn({ error }, 'the choice of the demo could not be stored');
  }
}
