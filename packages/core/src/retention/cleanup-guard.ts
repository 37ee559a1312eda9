import type { RetentionMemo } from '../ports/retention-store.ts';
import { daysBefore } from './retention-policy.ts';

const CLOCK_SLACK_DAYS = 1;
const LEAP_DAYS = 30;
const HOLD_DAYS = 7;
const MASS_COUNT = 20;

/** Why a cleanup that nobody has asked for does nothing this time. */
export type HoldReason = 'clock-behind' | 'time-leap' | 'too-many';

/** Only asked where something would go. */
export interface CleanupFacts {
  now: Date;
  newestActivity: Date | null;
  memo: RetentionMemo;
  livingCount: number;
  /** How many would be moved to the trash. */
  trashCount: number;
}

/**
 * Ages are differences of two readings of a clock that may be wrong, so a cleanup that runs unasked
 * trusts it only where it is plausible:
 *
 * - The clock stands before what the store has seen already: one of the two readings is wrong, and
 *   nobody can tell which.
 * - More time has passed since the last cleanup than between the uses of a tool that is in use. Either
 *   the clock was set forward, or the person comes back after a long while and is about to lose,
 *   unseen, what they come back for. Cleanups resume when the new time has held for a week.
 * - Most of what there is would go at once. Day by day limits take a few; a mass is a clock, a new
 *   limit or an import, and deserves a look.
 *
 * A cleanup that a person asks for is not held: they have seen what goes, and can look at the clock.
 */
export function findHoldReason(facts: CleanupFacts): HoldReason | undefined {
  const { now, newestActivity, memo, livingCount, trashCount } = facts;
  const tomorrow = daysBefore(now, -CLOCK_SLACK_DAYS);
  if ((newestActivity ?? now) > tomorrow || (memo.lastRunAt ?? now) > tomorrow) {
    return 'clock-behind';
  }
  if (isAfterLeap(now, memo)) return 'time-leap';
  return isMass(trashCount, livingCount) ? 'too-many' : undefined;
}

/** How many may go at once without anybody having asked. */
function massLimit(livingCount: number): number {
  return Math.max(MASS_COUNT, Math.floor(livingCount / 2));
}

function isMass(trashCount: number, livingCount: number): boolean {
  return trashCount > massLimit(livingCount);
}

function isAfterLeap(now: Date, { lastRunAt, heldSince }: RetentionMemo): boolean {
  if (lastRunAt === null || lastRunAt >= daysBefore(now, LEAP_DAYS)) return false;
  // A hold that is itself too old, or from the future, was another leap.
  return (
    heldSince === null ||
    heldSince > daysBefore(now, HOLD_DAYS) ||
    heldSince < daysBefore(now, LEAP_DAYS)
  );
}

/** Since when cleanups are held: unchanged by every further try under the same new time. */
export function heldSinceAfter(now: Date, { heldSince }: RetentionMemo): Date {
  return heldSince && heldSince <= now && heldSince >= daysBefore(now, LEAP_DAYS) ? heldSince : now;
}
