import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TextCost } from './text-cost.ts';

function costOf(...pieces: string[]): number {
  const cost = new TextCost();
  for (const piece of pieces) cost.add(piece);
  return cost.hundredths;
}

/** What tokenizers divide in ways of their own. */
const oddText = fc
  .array(
    fc.constantFrom(
      ...['a', 'th', 'Q', 'AB', ' ', '  ', '\t', '\n', '\r\n', '0', '12', "'", '"', '=', ';', '(('],
      ...['é', 'і', 'я', '你', 'の', '한', 'ሀ', '\u0301', '—', '│', '。', '\u3000', '😀', '\u200d'],
      ...['\ufe0f', '\ud83d', '\ude00', '\ud835', '\udc00'],
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

describe('TextCost', () => {
  it('never decreases, and never costs more for a text than for its pieces, to the hundredth', () => {
    fc.assert(
      fc.property(oddText, oddText, (a, b) => {
        expect(costOf(a + b)).toBeGreaterThanOrEqual(costOf(a));
        expect(costOf(a + b)).toBeLessThanOrEqual(costOf(a) + costOf(b));
      }),
      { numRuns: 5000 },
    );
  });

  it('is the same when read unit by unit', () => {
    fc.assert(
      fc.property(fc.oneof(oddText, fc.string({ unit: 'grapheme' })), (text) => {
        const words = `${text} lower ${text}Upper${text}`;
        expect(costOf(words)).toBe(costOf(...words.split('')));
      }),
    );
  });

  it('counts a word together with a preceding space or sign, also if capitalised', () => {
    expect(costOf(' the')).toBe(costOf('the'));
    expect(costOf('(the')).toBeLessThan(costOf('(') + costOf('the'));
    expect(costOf('((the')).toBe(costOf('((') + costOf('the'));
    expect(costOf('theThe')).toBe(costOf('the') + costOf('The'));
    expect(costOf('ABCDThe')).toBe(costOf('ABCD') + costOf('The'));
  });
});
