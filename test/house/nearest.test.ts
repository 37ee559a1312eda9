import { describe, expect, it } from '@jest/globals';
import { nearest } from '@synapse/config';
import * as fc from 'fast-check';
import { nearestName } from '../../packages/core/src/nearest-name.ts';

// Neither package may import the other, so each has a function of its own.
describe('the name that was meant', () => {
  const letter = fc.constantFrom(...Array.from('aAbBcé-🎉İ'));
  const word = fc.string({ unit: letter, maxLength: 12 });
  const longWord = fc.string({ unit: letter, minLength: 50, maxLength: 90 });

  it('is the same for a setting and for anything else', () => {
    const either = fc.oneof({ weight: 9, arbitrary: word }, { weight: 1, arbitrary: longWord });
    fc.assert(
      fc.property(either, fc.array(either, { maxLength: 5 }), (typed, names) => {
        expect(nearestName(typed, names)).toBe(nearest(typed, names));
      }),
      { numRuns: 2000 },
    );
  });

  it('may differ by two letters in a short word, but not by all of them', () => {
    expect(nearestName('lsit', ['list'])).toBe('list');
    expect(nearestName('ls', ['db'])).toBeUndefined();
  });
});
