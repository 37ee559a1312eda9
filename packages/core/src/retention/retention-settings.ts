/** When sessions go. For each of the limits 0 means that there is none. */
export interface RetentionSettings {
  /** More living sessions than this, and the ones that were inactive longest go to the trash. */
  maxSessions: number;
  /** Sessions that were inactive for longer go to the trash. */
  retentionDays: number;
  /** Sessions that were active more recently stay, whatever the other limits say. */
  minAgeDays: number;
  /** What lies in the trash for longer is removed for good. */
  trashDays: number;
  /** Whether any of this happens unasked. */
  autoCleanup: boolean;
}

export const defaultRetentionSettings: Readonly<RetentionSettings> = {
  maxSessions: 100,
  retentionDays: 90,
  minAgeDays: 0,
  trashDays: 30,
  autoCleanup: true,
};

// A thousand years; more is a slip of the keyboard, and no date any more.
const MAX_DAYS = 365_000;
const LIMITS = {
  maxSessions: Number.MAX_SAFE_INTEGER,
  retentionDays: MAX_DAYS,
  minAgeDays: MAX_DAYS,
  trashDays: MAX_DAYS,
};

/** What is wrong with the settings, in words; undefined where nothing is. */
export function findOddSetting(settings: RetentionSettings): string | undefined {
  // They may come from a file: the types are what is hoped for.
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
