import type { RetentionStore } from '../ports/retention-store.ts';
import { daysBefore } from './retention-policy.ts';
import { findInvalidSetting, type RetentionSettings } from './retention-settings.ts';

const DAYS_BETWEEN_HINTS = 7;
// The number of sessions that counts as many if the user has set no limit.
const MANY_SESSIONS = 1000;

/**
 * The number of sessions that is exceeded, if no automatic cleanup is on and the user has not seen
 * the hint within a week; else undefined. The caller shows the hint; this only records that it was
 * shown.
 */
export async function takeRetentionHint(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
): Promise<number | undefined> {
  if (settings.autoCleanup || findInvalidSetting(settings) !== undefined) return undefined;
  const { lastHintAt } = await store.memo();
  const isRecent = lastHintAt && lastHintAt > daysBefore(now, DAYS_BETWEEN_HINTS);
  if (isRecent && lastHintAt <= now) return undefined;
  const many = settings.maxSessions || MANY_SESSIONS;
  if ((await store.activityAtRank(many + 1)) === null) return undefined;
  await store.saveMemo({ lastHintAt: now });
  return many;
}
