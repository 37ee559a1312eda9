import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clipText } from './clip-text.ts';

describe('clipText', () => {
  it.each([
    ['keeps what fits', 'word', 'word'],
    ['makes one line of it', ' a\n\tb\u0000c ', 'a b c'],
    ['counts the sign for what was cut', 'abcdefghijk', 'abcdefghi…'],
    ['leaves no space before that sign', 'abcdefgh ijk', 'abcdefgh…'],
    ['counts what a reader calls characters', '👩‍👩‍👧'.repeat(11), `${'👩‍👩‍👧'.repeat(9)}…`],
    ['begins with the first word, however late', `${'\n'.repeat(2000)}late`, 'late'],
    ['says that something comes behind a long gap', `a${' '.repeat(2000)}b`, 'a…'],
    ['says nothing of a gap at the end', `a${' '.repeat(2000)}`, 'a'],
    ['cuts no character in two', `${'a'.repeat(639)}\u{1f600}`.slice(630), 'aaaaaaaaa😀'],
    ['cuts none where it stops reading', `x${' '.repeat(638)}\u{1f600}`, 'x…'],
    ['makes well-formed what is not', 'a\udc00b\ud83d', 'a\ufffdb'],
  ])('%s', (_, text, clipped) => {
    expect(clipText(text, 10)).toBe(clipped);
  });

  it('returns a well-formed prefix of at most the given length', () => {
    const units = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', 'é', '👩‍👩‍👧', '\ud83d', '\udc69', '\0'),
    });
    const segmenter = new Intl.Segmenter();
    fc.assert(
      fc.property(
        fc.oneof(units, fc.string({ unit: 'binary' })),
        fc.integer({ min: 1, max: 20 }),
        (text, most) => {
          const clipped = clipText(text, most);
          expect(clipped.isWellFormed()).toBe(true);
          expect([...segmenter.segment(clipped)].length).toBeLessThanOrEqual(most);
          expect(clipped).not.toMatch(/[\p{Cc}\n]|^\s|\s$/u);
          const whole = clipText(text, 10_000);
          if (clipped !== whole) expect(whole.startsWith(clipped.slice(0, -1))).toBe(true);
        },
      ),
    );
  });
});
