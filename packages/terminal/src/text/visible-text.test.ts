import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toVisibleText } from './visible-text.ts';

describe('toVisibleText', () => {
  it.each([
    ['rm \u202ecod.exe', 'rm <U+202E>cod.exe'],
    ['ls\u200b -la', 'ls<U+200B> -la'],
    ['safe\rrm -rf /', 'safe<U+000D>rm -rf /'],
    ['\x1b[2Jls', '<U+001B>[2Jls'],
    ['ls\nrm x', 'ls⏎\nrm x'],
    ['a\u00a0b', 'a<U+00A0>b'],
    ['a\tb', 'a<U+0009>b'],
    ['/hоme', '/h<U+043E>me'],
    ['\u{e0041}', '<U+E0041>'],
    ['\ud800', '<U+D800>'],
    [`ls${' '.repeat(10_000)}; rm`, 'ls<10000 spaces>; rm'],
    ['файл.txt', 'файл.txt'],
    ['naïve 日本 👍', 'naïve 日本 👍'],
  ])('shows %j as %j', (text, shown) => {
    expect(toVisibleText(text)).toBe(shown);
  });

  it('loses no character and shows no hidden one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = toVisibleText(text);
        expect(shown).toMatch(/^[\n\x20-\x7e\u00a1-\u{10ffff}]*$/u);
        expect(shown).not.toMatch(/\p{Default_Ignorable_Code_Point}/u);
        expect(Array.from(shown).length).toBeGreaterThanOrEqual(Array.from(text).length);
      }),
    );
  });
});
