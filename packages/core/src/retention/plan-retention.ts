import type { RetentionCandidate, RetentionStore } from '../ports/retention-store.ts';
import {
  chooseForTrash,
  daysBefore,
  toTrashRules,
  trashExpiry,
  type TrashRule,
} from './retention-policy.ts';
import type { RetentionSettings } from './retention-settings.ts';

// More than any store holds, small enough for every database.
const ALL = 1_000_000;

export interface RetentionPlan {
  livingCount: number;
  trash: { candidate: RetentionCandidate; rule: TrashRule }[];
  expired: RetentionCandidate[];
}

/** What would go now. The settings must not be odd. */
export async function planRetention(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
): Promise<RetentionPlan> {
  const livingCount = await store.countLiving();
  const rules = toTrashRules(settings, now, livingCount);
  const { inactiveSince, excess, protectedSince } = rules;
  // Both rules take from the same end, so each reads no more than it may take.
  const byAge = inactiveSince ? await store.candidates({ now, inactiveSince, limit: ALL }) : [];
  const byCount =
    excess > byAge.length
      ? await store.candidates({ now, inactiveSince: protectedSince, limit: excess })
      : [];
  const candidates = byCount.length > byAge.length ? byCount : byAge;
  const expiry = trashExpiry(settings, now);
  return {
    livingCount,
    trash: chooseForTrash(candidates, rules),
    expired: expiry ? await store.expiredTrash(expiry, ALL) : [],
  };
}

/**
 * Whether a cleanup would find anything to do; a few lookups in indexes, for every start. Once a day
 * there always is: to note that time has passed, so that a leap of it is told from a quiet month.
 */
export async function hasRetentionWork(
  store: RetentionStore,
  settings: RetentionSettings,
  now: Date,
): Promise<boolean> {
  const { lastRunAt } = await store.memo();
  if (!lastRunAt || lastRunAt < daysBefore(now, 1) || lastRunAt > now) return true;
  const livingCount = await store.countLiving();
  const { inactiveSince, excess, protectedSince } = toTrashRules(settings, now, livingCount);
  const until = excess > 0 ? protectedSince : inactiveSince;
  if (until && (await store.candidates({ now, inactiveSince: until, limit: 1 })).length > 0) {
    return true;
  }
  const expiry = trashExpiry(settings, now);
  return expiry !== undefined && (await store.expiredTrash(expiry, 1)).length > 0;
}
