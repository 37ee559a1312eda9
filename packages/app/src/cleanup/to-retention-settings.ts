import type { Settings } from '@synapse/config';
import type { RetentionSettings } from '@synapse/core';

export function toRetentionSettings({ session }: Pick<Settings, 'session'>): RetentionSettings {
  return {
    maxSessions: session.max_sessions,
    retentionDays: session.retention_days,
    minAgeDays: session.min_age_days,
    trashDays: session.trash_days,
    autoCleanup: session.auto_cleanup,
  };
}
