import { describe, expect, it } from '@jest/globals';
import { parseDuration, parseRateLimitReset, parseRetryAfter } from './parse-retry-after.ts';

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

describe('parseRateLimitReset', () => {
  it.each<[Record<string, string>, number | undefined]>([
    [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '6m0s' }, 360_000],
    [{ 'x-ratelimit-remaining-tokens': '7', 'x-ratelimit-reset-tokens': '6m0s' }, undefined],
    [{ 'x-ratelimit-reset-tokens': '6m0s' }, undefined],
    [
      {
        ...{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' },
        ...{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '7.66s' },
      },
      7660,
    ],
    [
      { 'x-ratelimit-remaining-tokens-minute': '0', 'x-ratelimit-reset-tokens-minute': '33.5' },
      33_500,
    ],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 9000) }, 9000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 9) }, 9000],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW - 9000) }, 0],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' }, undefined],
  ])('reads %j as %s', (headers, expected) => {
    expect(parseRateLimitReset(new Headers(headers), NOW)).toBe(expected);
  });
});

describe('parseDuration', () => {
  it.each([
    ['1h2m3.5s', 3_723_500],
    ['20 seconds', 20_000],
    ['2 minutes', 120_000],
    ['250ms', 250],
    ['5 s and more', 5000],
    ['5 apples', undefined],
    ['5', undefined],
    ['', undefined],
  ])('reads %j as %s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});
