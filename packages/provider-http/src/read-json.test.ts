import { expect, it } from '@jest/globals';
import { toTokenCount } from './read-json.ts';

it.each([-1, 1.5, NaN, Infinity, 2 ** 53 - 1, 2 ** 53, null, '7'])(
  'does not accept %p as a count of tokens',
  (value) => {
    expect(toTokenCount(value)).toBeUndefined();
  },
);

it.each([0, 7, 10_000_000])('takes %p', (value) => {
  expect(toTokenCount(value)).toBe(value);
});
