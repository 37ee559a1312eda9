/** When sessions are removed. A limit of 0 means no limit. */
export interface RetentionSettings {
  /**
   * If there are more sessions than this, those that were inactive longest are moved to the trash.
   */
  maxSessions: number;
  /** Sessions that were inactive for longer go to the trash. */
  retentionDays: number;
  /** Sessions that were active more recently stay, whatever the other limits say. */
  minAgeDays: number;
  /** Sessions that are in the trash for longer are purged. */
  trashDays: number;
  /** Whether this happens automatically. */
  autoCleanup: boolean;
}

export const defaultRetentionSettings: Readonly<RetentionSettings> = {
  maxSessions: 100,
  retentionDays: 90,
  minAgeDays: 0,
  trashDays: 30,
  autoCleanup: true,
};

// A thousand years; a larger number is a typing error, and too large for a date.
const MAX_DAYS = 365_000;
const LIMITS = {
  maxSessions: Number.MAX_SAFE_INTEGER,
  retentionDays: MAX_DAYS,
  minAgeDays: MAX_DAYS,
  trashDays: MAX_DAYS,
};

/** Describes what is wrong with the settings; undefined if nothing is. */
export function findInvalidSetting(settings: RetentionSettings): string | undefined {
  // The values may come from a file, so their types are not certain.
  const values: Record<keyof RetentionSettings, unknown> = settings;
  for (const [name, max] of Object.entries(LIMITS)) {
    const value = values[name as keyof RetentionSettings];
    if (!Number.isSafeInteger(value) || Number(value) < 0 || Number(value) > max) {
      return `${name} is ${String(value)}, but must be a whole number from 0 to ${max}`;
    }
  }
  if (typeof values.autoCleanup !== 'boolean') {
    return `autoCleanup is ${String(values.autoCleanup)}, but must be true or false`;
  }
  return undefined;
}
