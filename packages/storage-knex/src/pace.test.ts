import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';

const weigh = (weight: number) => weight;

describe('the pace of a cleanup', () => {
  it('takes as much at once as has a fitting weight, and one that is too heavy alone', () => {
    const pace = new Pace(500);
    expect(pace.take([200, 300, 1], weigh)).toEqual([200, 300]);
    expect(pace.take([9000, 1], weigh)).toEqual([9000]);
    expect(pace.take([1, 9000], weigh)).toEqual([1]);
    expect(pace.take([1, 2], weigh)).toEqual([1, 2]);
    expect(pace.take([], weigh)).toEqual([]);
  });

  it('takes less after a slow transaction, and more again after a quick one', () => {
    const pace = new Pace(500);
    const ones = Array.from({ length: 1000 }, () => 1);
    pace.note(500, 250);
    expect(pace.take(ones, weigh)).toHaveLength(50);
    pace.note(50, 5);
    expect(pace.take(ones, weigh)).toHaveLength(250);
    pace.note(250, 0);
    expect(pace.take(ones, weigh)).toHaveLength(500);
    pace.note(1, 60_000);
    expect(pace.take(ones, weigh)).toHaveLength(10);
  });
});
