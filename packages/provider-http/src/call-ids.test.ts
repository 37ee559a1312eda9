import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fitCallId } from './call-ids.ts';

const NINE = /^[a-z0-9]{9}$/i;

describe('fitCallId', () => {
  it('leaves an id that fits', () => {
    expect(fitCallId('AbCdEf123', NINE, 9)).toBe('AbCdEf123');
  });

  it('converts any other id the same way each time, and keeps ids distinct', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        expect(fitCallId(first, NINE, 9)).toMatch(NINE);
        expect(fitCallId(first, NINE, 9)).toBe(fitCallId(first, NINE, 9));
        expect(fitCallId(first, NINE, 9) === fitCallId(second, NINE, 9)).toBe(first === second);
      }),
    );
  });
});
