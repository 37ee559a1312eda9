import { describe, expect, it } from '@jest/globals';
import { toByteSize, toDollars, toDuration, toShortNumber } from './numbers.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [950, '950'],
    [1000, '1k'],
    [12_345, '12.3k'],
    [999_949, '1M'],
    [4_500_000, '4.5M'],
    [2_000_000_000, '2B'],
    [undefined, '–'],
    [null, '–'],
  ])('counts %p as %s', (value, text) => {
    expect(toShortNumber(value)).toBe(text);
  });

  it.each([
    [0, '$0.00'],
    [0.00123, '$0.0012'],
    [0.0000004, '$0.00000040'],
    [1.5, '$1.50'],
    [1234.567, '$1234.57'],
    [-0.5, '-$0.50'],
    [null, '–'],
  ])('prices %p as %s', (value, text) => {
    expect(toDollars(value)).toBe(text);
  });

  it.each([
    [850.4, '850 ms'],
    [2400, '2.4 s'],
    [59_999, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [undefined, '–'],
  ])('times %p as %s', (value, text) => {
    expect(toDuration(value)).toBe(text);
  });

  it.each([
    [512, '512 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [20 * 1024 * 1024, '20 MiB'],
    [null, '–'],
  ])('sizes %p as %s', (value, text) => {
    expect(toByteSize(value)).toBe(text);
  });
});
