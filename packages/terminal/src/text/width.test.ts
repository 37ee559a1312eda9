import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expandTabs, padToWidth, truncateToWidth, widthOf } from './width.ts';

const words = fc.string({
  unit: fc.constantFrom('a', 'word', ' ', ' ', '日', '한', '👩‍👩‍👧‍👦', '🇺🇦', 'é', 'ก็', '…', '-'),
});

describe('widthOf', () => {
  it.each([
    ['plain', 5],
    ['日本', 4],
    ['👩‍👩‍👧‍👦', 2],
    ['🇺🇦', 2],
    ['e\u0301', 1],
    ['\x1b[1mbold\x1b[22m', 4],
    ['', 0],
  ])('counts %j as %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
    expect(widthOf(text)).toBe(width);
  });
});

describe('truncateToWidth', () => {
  it.each([
    ['hello', 5, 'hello'],
    ['hello!', 5, 'hell…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['a👩‍👩‍👧‍👦b', 3, 'a…'],
    ['hello', 1, '…'],
    ['hello', 0, ''],
  ])('cuts %j to %i columns as %j', (text, columns, shown) => {
    expect(truncateToWidth(text, columns)).toBe(shown);
  });

  it('never goes over, and never splits what is one on the screen', () => {
    fc.assert(
      fc.property(words, fc.nat(30), (text, columns) => {
        const shown = truncateToWidth(text, columns);
        expect(widthOf(shown)).toBeLessThanOrEqual(columns);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown).not.toMatch(/\u200d…?$/);
        if (widthOf(text) <= columns) expect(shown).toBe(text);
      }),
    );
  });

  it('does not read a long line to its end', () => {
    expect(truncateToWidth('é'.repeat(1_000_000), 10)).toBe(`${'é'.repeat(9)}…`);
  });
});

describe('padToWidth', () => {
  it('fills columns, not characters', () => {
    expect(padToWidth('日本', 6)).toBe('日本  ');
    expect(padToWidth('12', 4, 'right')).toBe('  12');
    expect(padToWidth('x', 4, 'center')).toBe(' x  ');
    expect(padToWidth('long', 2)).toBe('long');
  });
});

describe('expandTabs', () => {
  it('goes to the next stop, counting wide characters twice', () => {
    expect(expandTabs('\ta\tb\n日\tc')).toBe('    a   b\n日  c');
  });
});
