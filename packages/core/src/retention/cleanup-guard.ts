import type { RetentionMemo } from '../ports/retention-store.ts';
import { daysBefore } from './retention-policy.ts';

const CLOCK_SLACK_DAYS = 1;
const LEAP_DAYS = 30;
const HOLD_DAYS = 7;
const CHECK_DAYS = 1;

/** Why an automatic cleanup does nothing this time. */
export type HoldReason = ClockDoubt | 'too-many';
export type ClockDoubt = 'clock-behind' | 'time-leap';

/**
 * Ages are differences between two readings of a clock that may be wrong, so an automatic cleanup
 * trusts it only if it is plausible:
 * - The clock is earlier than a time in the store: one of the two is wrong, and it is unknown
 *   which.
 * - More time has passed since the last cleanup than between the uses of a tool in regular use.
 *   Either the clock was set forward, or the user returns after a long time, and would lose unseen
 *   the sessions that they return for.
 *
 * Cleanups resume when the new time has held for a week. No clock can be trusted to tell which
 * sessions were used recently, so the order of stored messages decides that (see `mark`). A cleanup
 * that the user starts is never held: they have seen the list of sessions, and can check the clock.
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

/**
 * Whether the new time has held for a week. A hold from long ago, or from the future, was about
 * another time.
 */
function isProven(now: Date, { heldSince, lastRunAt }: RetentionMemo): boolean {
  if (heldSince === null || heldSince > daysBefore(now, HOLD_DAYS)) return false;
  const isOfLate = (time: Date) =>
    time >= daysBefore(now, LEAP_DAYS) && time <= daysBefore(now, -CLOCK_SLACK_DAYS);
  // A wrong time that stays in the store must not cause the week of waiting again and again.
  return (
    isOfLate(heldSince) || (lastRunAt !== null && lastRunAt > heldSince && isOfLate(lastRunAt))
  );
}

/** Since when cleanups are held; further attempts under the same new time don't change it. */
export function heldSinceAfter(now: Date, { heldSince }: RetentionMemo): Date {
  return heldSince && heldSince <= now && heldSince >= daysBefore(now, LEAP_DAYS) ? heldSince : now;
}

/**
 * Whether an automatic cleanup looks for work now: once a day, even if the last one was held. A
 * date after tomorrow was stored by a wrong clock, and is ignored.
 */
export function isCheckDue(now: Date, { nextLookAt }: RetentionMemo): boolean {
  return nextLookAt === null || nextLookAt <= now || nextLookAt > nextCheckAfter(now);
}

export function nextCheckAfter(now: Date): Date {
  return daysBefore(now, -CHECK_DAYS);
}
