import { describe, expect, it } from '@jest/globals';
import { parseRetryAfter } from './parse-retry-after.ts';

const NOW = Date.parse('Sat, 21 Nov 2026 08:00:00 GMT');

describe('parseRetryAfter', () => {
  it.each([
    ['3', 3000],
    ['0', 0],
    ['1.5', 1500],
    ['1000000000', 1e12],
    ['Sat, 21 Nov 2026 08:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 08:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 07:00:00 GMT', 0],
    ['2, 7', 2000],
    ['Sat, 21 Nov 2026 08:00:30 GMT, 7', 30_000],
    ['-5', undefined],
    ['abc', undefined],
    ['', undefined],
    ['Infinity', undefined],
  ])('reads %s as %s', (value, expected) => {
    expect(parseRetryAfter(new Headers({ 'retry-after': value }), NOW)).toBe(expected);
  });
});
