import { describe, expect, it } from '@jest/globals';
import {
  daysBefore,
  inactiveSince,
  ruleFor,
  toTrashRules,
  trashExpiry,
} from './retention-policy.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

const now = new Date('2026-03-31T12:00:00Z');
const ago = (days: number) => daysBefore(now, days);

describe('toTrashRules', () => {
  const rulesFor = (lastKept: Date | null, change = {}) =>
    toTrashRules({ ...defaultRetentionSettings, ...change }, now, lastKept);

  it('sets one limit by age, and one by the number of sessions', () => {
    const rules = rulesFor(ago(40));
    expect(rules).toEqual({ byAge: ago(90), byCount: ago(40) });
    expect(inactiveSince(rules)).toEqual(ago(40));
    expect(ruleFor({ updatedAt: ago(91) }, rules)).toBe('age');
    expect(ruleFor({ updatedAt: ago(90) }, rules)).toBe('count');
  });

  it('keeps young sessions, whatever the limits are', () => {
    const rules = rulesFor(ago(5), { minAgeDays: 95 });
    expect(rules).toEqual({ byAge: ago(95), byCount: ago(95) });
  });

  it('keeps sessions of the last day, whatever the limits are', () => {
    expect(rulesFor(ago(0.01), { maxSessions: 1 }).byCount).toEqual(ago(1));
    expect(rulesFor(ago(-1), { maxSessions: 1 }).byCount).toEqual(ago(1));
  });

  it('removes no session if there are no limits, or if they are not exceeded', () => {
    expect(inactiveSince(rulesFor(ago(5), { maxSessions: 0, retentionDays: 0 }))).toBeUndefined();
    expect(inactiveSince(rulesFor(null, { retentionDays: 0 }))).toBeUndefined();
    expect(inactiveSince(rulesFor(null))).toEqual(ago(90));
  });
});

describe('trashExpiry', () => {
  it('is never reached if there is no limit', () => {
    expect(trashExpiry({ ...defaultRetentionSettings, trashDays: 0 }, now)).toBeUndefined();
    expect(trashExpiry(defaultRetentionSettings, now)).toEqual(daysBefore(now, 30));
  });
});
