import { describe, expect, it } from '@jest/globals';
import { createFindLines } from './find-lines.ts';

describe('createFindLines', () => {
  it('gives up on an expression that takes a while in each of many files', () => {
    const findLines = createFindLines('^(a|a)+$', false, 100);
    const searchMany = () => {
      for (let file = 0; file < 100_000; file += 1) findLines([`${'a'.repeat(14)}!`]);
    };
    expect(searchMany).toThrow('takes too long');
  });
});
