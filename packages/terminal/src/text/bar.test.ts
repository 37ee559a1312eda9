import { describe, expect, it } from '@jest/globals';
import { toBar } from './bar.ts';

describe('toBar', () => {
  it.each([
    [10, 10, 4, '████'],
    [5, 10, 4, '██'],
    [1, 1000, 4, '▏'],
    [9, 16, 2, '█▏'],
    [20, 10, 3, '███'],
    [0, 10, 4, ''],
    [0, 0, 4, ''],
    [NaN, 10, 4, ''],
  ])('draws %p of %p in %i columns as %j', (value, largest, columns, bar) => {
    expect(toBar(value, largest, columns)).toBe(bar);
  });
});
