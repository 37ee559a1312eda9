import { describe, expect, it } from '@jest/globals';
import { BatchSizer } from './batch-sizer.ts';

const weigh = (weight: number) => weight;

describe('the size of the batches of a cleanup', () => {
  it('takes as many sessions as fit the weight, and a heavier one alone', () => {
    const sizer = new BatchSizer(500);
    expect(sizer.take([200, 300, 1], weigh)).toEqual([200, 300]);
    expect(sizer.take([9000, 1], weigh)).toEqual([9000]);
    expect(sizer.take([1, 9000], weigh)).toEqual([1]);
    expect(sizer.take([1, 2], weigh)).toEqual([1, 2]);
    expect(sizer.take([], weigh)).toEqual([]);
  });

  it('takes less after a slow transaction, and more again after a quick one', () => {
    const sizer = new BatchSizer(500);
    const ones = Array.from({ length: 1000 }, () => 1);
    sizer.note(500, 250);
    expect(sizer.take(ones, weigh)).toHaveLength(50);
    sizer.note(50, 5);
    expect(sizer.take(ones, weigh)).toHaveLength(250);
    sizer.note(250, 0);
    expect(sizer.take(ones, weigh)).toHaveLength(500);
    sizer.note(1, 60_000);
    expect(sizer.take(ones, weigh)).toHaveLength(10);
  });
});
