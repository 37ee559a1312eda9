import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StreamText } from './stream-text.ts';

describe('StreamText', () => {
  it('passes on well-formed pieces that make up the whole', () => {
    const unit = fc.oneof(fc.constantFrom('\ud83d', '\ude00', 'é', 'a', '\u0000'), fc.string());
    fc.assert(
      fc.property(fc.array(unit), (pieces) => {
        const text = new StreamText();
        const passed = [...pieces.map((piece) => text.push(piece)), text.end()];
        expect(passed.every((piece) => piece.isWellFormed())).toBe(true);
        expect(passed.join('')).toBe(pieces.join('').toWellFormed());
      }),
    );
  });

  it('ignores values that are not text', () => {
    expect(new StreamText().push(7)).toBe('');
  });
});
