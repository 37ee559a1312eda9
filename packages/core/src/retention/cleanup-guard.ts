import type { RetentionMemo } from '../ports/retention-store.ts';
import { daysBefore } from './retention-policy.ts';

const CLOCK_SLACK_DAYS = 1;
const LEAP_DAYS = 30;
const HOLD_DAYS = 7;
const LOOK_DAYS = 1;

/** Why a cleanup that nobody has asked for does nothing this time. */
export type HoldReason = ClockDoubt | 'too-many';
export type ClockDoubt = 'clock-behind' | 'time-leap';

/**
 * Ages are differences of two readings of a clock that may be wrong, so a cleanup that runs unasked
 * trusts it only where it is plausible:
 *
 * - The clock is before what the store has seen already: one of the two readings is wrong, and nobody
 *   can tell which.
 * - More time has passed since the last cleanup than between the uses of a tool that is in use. Either
 *   the clock was set forward, or the person comes back after a long while and is about to lose,
 *   unseen, what they come back for.
 *
 * Cleanups resume when the new time has held for a week. What no clock can be trusted with, which
 * sessions were used of late, is decided by the order in which messages were stored (see `mark`).
 *
 * A cleanup that a person asks for is not held: they have seen what goes, and can look at the clock.
 */
export function findClockDoubt(
  now: Date,
  newestActivity: Date | null,
  memo: RetentionMemo,
): ClockDoubt | undefined {
  if (isProven(now, memo)) return undefined;
  const tomorrow = daysBefore(now, -CLOCK_SLACK_DAYS);
  const { lastRunAt } = memo;
  if ((newestActivity ?? now) > tomorrow || (lastRunAt ?? now) > tomorrow) return 'clock-behind';
  return lastRunAt !== null && lastRunAt < daysBefore(now, LEAP_DAYS) ? 'time-leap' : undefined;
}

/** Whether the time has held for a week. A hold of long ago, or from the future, was about another. */
function isProven(now: Date, { heldSince, lastRunAt }: RetentionMemo): boolean {
  if (heldSince === null || heldSince > daysBefore(now, HOLD_DAYS)) return false;
  const isOfLate = (time: Date) =>
    time >= daysBefore(now, LEAP_DAYS) && time <= daysBefore(now, -CLOCK_SLACK_DAYS);
  // A wrong time that stays in the store is no reason to wait for a week again and again.
  return (
    isOfLate(heldSince) || (lastRunAt !== null && lastRunAt > heldSince && isOfLate(lastRunAt))
  );
}

/** Since when cleanups are held: unchanged by every further try under the same new time. */
export function heldSinceAfter(now: Date, { heldSince }: RetentionMemo): Date {
  return heldSince && heldSince <= now && heldSince >= daysBefore(now, LEAP_DAYS) ? heldSince : now;
}

/**
 * Whether an unasked cleanup looks for work now: once a day, whether it found something to do or was
 * held. A later time than tomorrow was noted by a clock that was wrong.
 */
export function isLookDue(now: Date, { nextLookAt }: RetentionMemo): boolean {
  return nextLookAt === null || nextLookAt <= now || nextLookAt > nextLookAfter(now);
}

export function nextLookAfter(now: Date): Date {
  return daysBefore(now, -LOOK_DAYS);
}
