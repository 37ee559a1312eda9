import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { widthOf } from './width.ts';
import { createWordStream } from './word-stream.ts';

function show(pieces: readonly string[], columns: number): string {
  const words = createWordStream(() => columns);
  return pieces.map((piece) => words.push(piece)).join('') + words.flush();
}

describe('createWordStream', () => {
  it('breaks lines between words, wherever the pieces are cut', () => {
    expect(show(['one t', 'wo thr', 'ee\nfour'], 10)).toBe('one two\nthree\nfour');
    expect(show(['so many', ' wo', 'rds'], 80)).toBe('so many words');
  });

  it('cuts only a word that is wider than a line', () => {
    expect(show(['a extraordinary', ' b'], 8)).toBe('a\nextraord\ninary b');
  });

  it('keeps spaces that hold words together', () => {
    const text = 'un\u00a0mot\u202f: a\u2003b';
    expect(show([text], 80)).toBe(text);
  });

  it('shows a word as soon as it is complete', () => {
    const words = createWordStream(() => 80);
    expect([words.push('one tw'), words.push('o '), words.flush()]).toEqual(['one', ' two', '']);
  });

  it('breaks scripts without spaces anywhere', () => {
    expect(show(['漢字', 'かな漢字'], 6)).toBe('漢字か\nな漢字');
  });

  it('keeps every character but spaces at breaks, in no more columns, however it is cut', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '漢', 'é', '🙂') });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(20)),
        fc.integer({ min: 2, max: 20 }),
        (whole, cuts, columns) => {
          const characters = Array.from(whole);
          const pieces = cuts.map((cut) => characters.splice(0, cut).join(''));
          const shown = show([...pieces, characters.join('')], columns);
          expect(shown.replaceAll(/\s/g, '')).toBe(whole.replaceAll(/\s/g, ''));
          for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        },
      ),
    );
  });
});
