import type { RetentionCandidate } from '../ports/retention-store.ts';
import type { RetentionSettings } from './retention-settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export type TrashRule = 'age' | 'count';

/**
 * The two rules as one cut through the sessions that may go, oldest activity first: all before
 * `inactiveSince` go by their age; while more than `maxSessions` live, the next ones go by their
 * number, down to those that were active after `protectedSince`.
 */
export interface TrashRules {
  /** Undefined where age is no reason to go. */
  inactiveSince: Date | undefined;
  /** How many live too many. */
  excess: number;
  protectedSince: Date;
}

export function toTrashRules(
  settings: RetentionSettings,
  now: Date,
  livingCount: number,
): TrashRules {
  const { maxSessions, retentionDays, minAgeDays } = settings;
  return {
    inactiveSince:
      retentionDays === 0 ? undefined : daysBefore(now, Math.max(retentionDays, minAgeDays)),
    excess: maxSessions === 0 ? 0 : Math.max(0, livingCount - maxSessions),
    protectedSince: daysBefore(now, minAgeDays),
  };
}

/**
 * Which of the sessions that may go do go, and by which rule. They are given oldest activity first,
 * and there is none older that may go.
 */
export function chooseForTrash<T extends Pick<RetentionCandidate, 'updatedAt'>>(
  candidates: readonly T[],
  { inactiveSince, excess, protectedSince }: TrashRules,
): { candidate: T; rule: TrashRule }[] {
  return candidates.flatMap((candidate, index): { candidate: T; rule: TrashRule }[] => {
    const { updatedAt } = candidate;
    if (inactiveSince && updatedAt < inactiveSince) return [{ candidate, rule: 'age' }];
    return index < excess && updatedAt < protectedSince ? [{ candidate, rule: 'count' }] : [];
  });
}

/** Until when what lies in the trash must have been put there to go now; undefined for never. */
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
