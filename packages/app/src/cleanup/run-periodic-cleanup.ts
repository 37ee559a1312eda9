import { cleanUp, type Cleanup } from './clean-up.ts';
import type { App } from '../wiring.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Applies the limits of the settings now and every hour, in the background. */
export async function runPeriodicCleanup(
  { settings, clock, logger }: Pick<App, 'settings' | 'clock' | 'logger'>,
  retention: Cleanup['retention'],
  notify: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await cleanUp({ retention, settings, clock, logger, notify, explain: notify, signal });
    await clock.sleep(HOUR_MS, signal).catch(() => undefined);
  }
}
