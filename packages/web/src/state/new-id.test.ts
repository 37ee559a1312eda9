import { describe, expect, it } from '@jest/globals';
import { newId } from './new-id.ts';

describe('an id', () => {
  it('is a UUID of version 7 that begins with its time', () => {
    expect(newId(0x0199c7e05a10, new Uint8Array(10).fill(255))).toBe(
      '0199c7e0-5a10-7fff-bfff-ffffffffffff',
    );
    for (let count = 0; count < 100; count += 1) {
      expect(newId()).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });
});
