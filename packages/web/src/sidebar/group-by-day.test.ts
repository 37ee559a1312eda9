import { describe, expect, it } from '@jest/globals';
import { nameDay } from './group-by-day.ts';

const now = new Date(2026, 0, 31, 0, 5);

describe('the name of a day', () => {
  it.each([
    [new Date(2026, 0, 31, 0, 1), 'Today'],
    [new Date(2026, 0, 30, 23, 59), 'Yesterday'],
    [new Date(2026, 0, 26, 12), 'Monday'],
    [new Date(2026, 0, 24, 12), 'January 24'],
    [new Date(2025, 11, 24, 12), 'December 24, 2025'],
    // The clock of another machine is ahead.
    [new Date(2026, 1, 1, 12), 'Today'],
  ])('%s is %s', (time, name) => {
    expect(nameDay(time, now)).toBe(name);
  });
});
