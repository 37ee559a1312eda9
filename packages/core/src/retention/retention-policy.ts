import type { RetentionSettings } from './retention-settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

// Whatever the limits say: the user should always find the work of the last hours.
const ALWAYS_KEPT_DAYS = 1;

export type TrashRule = 'age' | 'count';

/** The two rules as times: a session is moved if it was last active before either of them. */
export interface TrashRules {
  /** Undefined if age is not limited. */
  byAge: Date | undefined;
  /** Undefined if the number is not exceeded. */
  byCount: Date | undefined;
}

/** `lastKept` is the last activity of the last session within `maxSessions`. */
export function toTrashRules(
  settings: RetentionSettings,
  now: Date,
  lastKept: Date | null,
): TrashRules {
  const { maxSessions, retentionDays, minAgeDays } = settings;
  const kept = daysBefore(now, Math.max(minAgeDays, ALWAYS_KEPT_DAYS));
  return {
    byAge: retentionDays === 0 ? undefined : earlier(daysBefore(now, retentionDays), kept),
    byCount: maxSessions === 0 || lastKept === null ? undefined : earlier(lastKept, kept),
  };
}

/** Sessions that were last active before this time are moved; undefined if none are. */
export function inactiveSince({ byAge, byCount }: TrashRules): Date | undefined {
  return byAge && byCount ? new Date(Math.max(+byAge, +byCount)) : (byAge ?? byCount);
}

export function ruleFor({ updatedAt }: { updatedAt: Date }, { byAge }: TrashRules): TrashRule {
  return byAge && updatedAt < byAge ? 'age' : 'count';
}

/** Sessions that were put in the trash before this time are purged; undefined for never. */
export function trashExpiry(settings: RetentionSettings, now: Date): Date | undefined {
  return settings.trashDays === 0 ? undefined : daysBefore(now, settings.trashDays);
}

export function describeRule(rule: TrashRule | 'expired', settings: RetentionSettings): string {
  switch (rule) {
    case 'age':
      return `inactive for more than ${Math.max(settings.retentionDays, settings.minAgeDays)} days`;
    case 'count':
      return `more than ${settings.maxSessions} sessions`;
    case 'expired':
      return `in the trash for more than ${settings.trashDays} days`;
  }
}

export function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * DAY_MS);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}
