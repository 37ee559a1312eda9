import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromStoredText, toStoredText } from './stored-text.ts';

const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.constantFrom(0, 0x1a, 0x30, 0x61, 0xd800, 0xdbff, 0xdc00, 0xdfff),
);
const text = fc.array(unit).map((units) => String.fromCharCode(...units));

describe('stored text', () => {
  it('comes back as it was', () => {
    fc.assert(fc.property(text, (given) => fromStoredText(toStoredText(given)) === given));
  });

  it('is well-formed and without NUL', () => {
    fc.assert(
      fc.property(text, (given) => {
        const stored = toStoredText(given);
        return stored.isWellFormed() && !stored.includes('\0');
      }),
    );
  });

  it('keeps different texts different', () => {
    fc.assert(
      fc.property(text, text, (a, b) => (a === b) === (toStoredText(a) === toStoredText(b))),
    );
  });

  it('leaves ordinary text readable', () => {
    const given = 'C:\\work\\"ü" 😀\n\t';
    expect(toStoredText(given)).toBe(given);
  });
});
