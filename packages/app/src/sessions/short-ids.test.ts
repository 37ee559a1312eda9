import { describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import fc from 'fast-check';
import { shortIdsOf } from './short-ids.ts';

describe('shortIdsOf', () => {
  it('returns prefixes of at least thirteen characters that fit no other id and do not end in a dash', () => {
    const ids = fc.array(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_200_000 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(ids, (times) => {
        const all = times.map((timeMs) => newId(timeMs));
        const short = shortIdsOf(all);
        for (const id of all) {
          const text = short.get(id) ?? '';
          expect(text.length).toBeGreaterThanOrEqual(13);
          expect(text).not.toMatch(/-$/);
          expect(all.filter((other) => other.startsWith(text))).toEqual([id]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
