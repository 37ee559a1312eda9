import { describe, expect, it } from '@jest/globals';
import { chooseForTrash, daysBefore, toTrashRules, trashExpiry } from './retention-policy.ts';
import { defaultRetentionSettings } from './retention-settings.ts';

const now = new Date('2026-03-31T12:00:00Z');
const inactiveFor = (...days: number[]) => days.map((day) => ({ updatedAt: daysBefore(now, day) }));

describe('chooseForTrash', () => {
  const rulesFor = (livingCount: number, change = {}) =>
    toTrashRules({ ...defaultRetentionSettings, ...change }, now, livingCount);
  const chosen = (candidates: { updatedAt: Date }[], rules: ReturnType<typeof rulesFor>) =>
    chooseForTrash(candidates, rules).map(({ rule }) => rule);

  it('takes the old by their age, then as many as are too many', () => {
    expect(chosen(inactiveFor(100, 91, 50, 40, 30), rulesFor(103))).toEqual([
      ...['age', 'age', 'count'],
    ]);
  });

  it('spares who is exactly as old as may be', () => {
    expect(chosen(inactiveFor(90), rulesFor(1))).toEqual([]);
  });

  it('spares the young, whatever the limits say', () => {
    const rules = rulesFor(110, { minAgeDays: 95 });
    expect(chosen(inactiveFor(100, 95, 91, 5), rules)).toEqual(['age']);
  });

  it('takes nobody where there are no limits', () => {
    const rules = rulesFor(5000, { maxSessions: 0, retentionDays: 0 });
    expect(chosen(inactiveFor(4000), rules)).toEqual([]);
  });
});

describe('trashExpiry', () => {
  it('is never where there is no limit', () => {
    expect(trashExpiry({ ...defaultRetentionSettings, trashDays: 0 }, now)).toBeUndefined();
    expect(trashExpiry(defaultRetentionSettings, now)).toEqual(daysBefore(now, 30));
  });
});
