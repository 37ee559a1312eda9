import { applyRetention, type RetentionStore } from '@synapse/core';
import { toRetentionSettings } from '../cleanup/to-retention-settings.ts';
import type { App } from '../wiring.ts';

/** What the next cleanup would take, by id, with the limit that asks for it; nothing where none comes unasked. */
export async function takenAtOnce(
  retention: RetentionStore,
  { settings, clock }: Pick<App, 'settings' | 'clock'>,
): Promise<Map<string, string>> {
  const limits = toRetentionSettings(settings);
  if (!limits.autoCleanup) return new Map();
  const options = { isConfirmed: true, isDryRun: true };
  const { steps } = await applyRetention(retention, clock, limits, options);
  return new Map(steps.map(({ candidate, reason }) => [candidate.sessionId, reason]));
}
