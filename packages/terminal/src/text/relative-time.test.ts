import { describe, expect, it } from '@jest/globals';
import { toRelativeTime } from './relative-time.ts';

const now = new Date('2026-05-10T12:00:00Z');

describe('toRelativeTime', () => {
  it.each([
    [0, 'just now'],
    [9, 'just now'],
    [-5, 'just now'],
    [10, '10 seconds ago'],
    [59, '59 seconds ago'],
    [60, '1 minute ago'],
    [3 * 60 + 59, '3 minutes ago'],
    [3600, '1 hour ago'],
    [86_400 * 6, '6 days ago'],
    [86_400 * 7, '1 week ago'],
    [86_400 * 45, '1 month ago'],
    [86_400 * 800, '2 years ago'],
    [-7200, 'in 2 hours'],
  ])('says of %i seconds %j', (seconds, words) => {
    expect(toRelativeTime(new Date(now.getTime() - seconds * 1000), now)).toBe(words);
  });
});
