import {
  applyRetention,
  takeRetentionHint,
  type Clock,
  type Logger,
  type RetentionSettings,
  type RetentionStore,
} from '@synapse/core';
import type { Settings } from '@synapse/config';
import { describeCleanup, describeHint, describeSkip } from './describe-cleanup.ts';

// Longer than a user takes to send a message that has an attachment.
const FORGOTTEN_AFTER_MS = 30 * 24 * 3_600_000;

export interface Cleanup {
  retention: RetentionStore;
  settings: Pick<Settings, 'session'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
  /** Receives what was moved or removed, and what the first cleanup would do; undefined for silence. */
  notify: ((text: string) => void) | undefined;
  /** Receives why nothing was done, and how much has piled up; only if a person reads it, as it is shown rarely. */
  explain: ((text: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Applies the limits if the settings allow automatic cleanup. Costs a few lookups if there is
 * nothing to do, however much is stored, and never makes the command fail.
 */
export async function cleanUp(cleanup: Cleanup): Promise<void> {
  const { retention, clock, logger, notify, explain, signal } = cleanup;
  const settings = toRetentionSettings(cleanup.settings);
  try {
    const hint = explain && (await takeRetentionHint(retention, settings, clock.now()));
    if (hint !== undefined) explain?.(describeHint(hint));
    // Even if the limits have changed since: these are in the trash already.
    if (await retention.isScrubDue()) await retention.scrub(signal);
    const forgotten = new Date(clock.now().getTime() - FORGOTTEN_AFTER_MS);
    await retention.dropForgotten(forgotten, signal);
    if (!settings.autoCleanup) return;
    const isSilent = notify === undefined;
    const options = { isConfirmed: false, isSilent, signal };
    const report = await applyRetention(retention, clock, settings, options);
    for (const line of describeCleanup(report)) notify?.(line);
    const { skipped } = report;
    const skip = skipped && describeSkip(skipped);
    if (skip !== undefined) (skipped?.reason === 'first' ? notify : explain)?.(skip);
  } catch (error) {
    logger.warn({ error }, 'the cleanup failed');
  }
}

export function toRetentionSettings({ session }: Pick<Settings, 'session'>): RetentionSettings {
  return {
    maxSessions: session.max_sessions,
    retentionDays: session.retention_days,
    minAgeDays: session.min_age_days,
    trashDays: session.trash_days,
    autoCleanup: session.auto_cleanup,
  };
}
