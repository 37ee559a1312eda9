import {
  applyRetention,
  hasRetentionWork,
  takeRetentionHint,
  type RetentionReport,
  type RetentionSettings,
  type RetentionStore,
} from '@synapse/core';
import type { App } from '../wiring.ts';

const hourMs = 60 * 60 * 1000;

/** Applies the limits of the settings now and then by the hour, beside everything else. */
export async function cleanUpHourly(
  { settings, clock, logger }: Pick<App, 'settings' | 'clock' | 'logger'>,
  store: RetentionStore,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { session } = settings;
  const retention: RetentionSettings = {
    maxSessions: session.max_sessions,
    retentionDays: session.retention_days,
    minAgeDays: session.min_age_days,
    trashDays: session.trash_days,
    autoCleanup: session.auto_cleanup,
  };
  while (!signal.aborted) {
    try {
      const text = await cleanUp(store, retention, clock.now(), signal);
      if (text !== undefined) say(text);
    } catch (error) {
      logger.warn({ error }, 'the cleanup failed');
    }
    await clock.sleep(hourMs, signal).catch(() => undefined);
  }
}

/** What there is to say of it. */
async function cleanUp(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!settings.autoCleanup) {
    const count = await takeRetentionHint(store, settings, now);
    if (count === undefined) return undefined;
    return `${count} sessions are stored; synapse sessions prune moves old ones to the trash`;
  }
  if (!(await hasRetentionWork(store, settings, now))) return undefined;
  const clock = { now: () => now };
  return describe(await applyRetention(store, clock, settings, { isConfirmed: false, signal }));
}

function describe({ trashedCount, purgedCount }: RetentionReport): string | undefined {
  const done = [
    ...(trashedCount > 0 ? [`moved ${counted(trashedCount)} to the trash`] : []),
    ...(purgedCount > 0 ? [`removed ${counted(purgedCount)} from the trash for good`] : []),
  ];
  if (done.length === 0) return undefined;
  return `cleanup ${done.join(' and ')}; the limits are in the [session] settings`;
}

function counted(count: number): string {
  return `${count} session${count === 1 ? '' : 's'}`;
}
