import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { widthOf } from './width.ts';
import { foldText, wrapText } from './wrap.ts';

const words = fc.string({
  unit: fc.constantFrom('a', 'word', ' ', ' ', '日', '。', '한', '👩‍👩‍👧‍👦', '🇺🇦', 'é', 'ก็', '…', '-'),
});

describe('wrapText', () => {
  it('breaks at spaces and keeps line ends', () => {
    expect(wrapText('one two three\n\nfour', 8)).toEqual(['one two', 'three', '', 'four']);
  });

  it('closes and opens colours at a break', () => {
    for (const line of wrapText('\x1b[1mone two three\x1b[22m', 8)) {
      expect(line).toMatch(/^\x1b\[1m.*\x1b\[22m$/);
    }
  });

  it('stays within the columns and loses nothing but spaces', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 40 }), (text, columns) => {
        const lines = wrapText(text, columns);
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
      { numRuns: 300 },
    );
  });

  it('breaks between wide characters, but not before what closes a sentence', () => {
    expect(wrapText('see 日本語のテキスト。', 10)).toEqual(['see 日本語', 'のテキス', 'ト。']);
  });

  it('keeps what closes a sentence with its word across a colour', () => {
    expect(wrapText('\x1b[1m日本語\x1b[22m。', 6)).toEqual([
      '\x1b[1m日本\x1b[22m',
      '\x1b[1m語\x1b[22m。',
    ]);
  });

  it('breaks a word that is wider than a line', () => {
    expect(wrapText('a https://example.org/x', 10)).toEqual(['a', 'https://ex', 'ample.org/', 'x']);
  });

  it('is linear for a line without spaces', () => {
    expect(wrapText('日本語のテキスト、もう少し。'.repeat(7000), 80).length).toBeGreaterThan(2000);
  }, 2000);
});

describe('foldText', () => {
  it('keeps every space', () => {
    expect(foldText('    code = 1', 6)).toEqual(['    co', 'de = 1']);
    expect(foldText('日本', 3)).toEqual(['日', '本']);
  });
});
