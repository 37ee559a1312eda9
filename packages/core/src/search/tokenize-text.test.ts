import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldText } from './fold-text.ts';
import { searchTextOf } from './search-text.ts';
import { joinTokens, tokenizeText } from './tokenize-text.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('foldText', () => {
  it.each([
    ['Straße', 'STRASSE'],
    ['ẞ', 'ss'],
    ['İstanbul', 'istanbul'],
    ['ılık', 'ilik'],
    ['ﬁnd', 'FIND'],
    ['Crème brûlée', 'creme brulee'],
    ['e\u0301', 'é'],
    ['ΟΔΟΣ', 'οδός'],
    ['Łódź', 'lodz'],
    ['Ａｂｃ', 'abc'],
    ['ｶﾞ', 'ガ'],
    ['co\u00adop', 'coop'],
    ['\u0645\u064f\u062f\u064e\u0631\u0651\u0650\u0633', '\u0645\u062f\u0631\u0633'],
  ])('treats %j and %j as the same', (a, b) => {
    expect(foldText(a)).toBe(foldText(b));
  });

  it('distinguishes texts that differ by more than an accent', () => {
    expect(foldText('が')).not.toBe(foldText('か'));
    expect(foldText('हिन्दी')).toBe('हिन्दी'.normalize('NFC'));
  });

  it('is idempotent', () => {
    fc.assert(fc.property(anyText, (text) => foldText(foldText(text)) === foldText(text)));
  });
});

const tokensOf = (text: string) => joinTokens(text).split(' ').filter(Boolean);

describe('joinTokens', () => {
  it.each([
    ['The quick, brown fox!', ['the', 'quick', 'brown', 'fox']],
    ["don't max_tokens src/a.ts", ['don', 't', 'max', 'tokens', 'src', 'a', 'ts']],
    ['東京都', ['東京', '京都', '都']],
    ['東', ['東']],
    ['タワー', ['タワ', 'ワー', 'ー']],
    ['한국어', ['한국', '국어', '어']],
    ['ไทย', ['ไท', 'ทย', 'ย']],
    ['iPhone東京2', ['iphone', '東京', '京', '2']],
    ['Foo™ ½ ①', ['foo', '1', '2', '1']],
    ['❤️ 👩‍🚀 … --- \u0000 \ud800', []],
    ['', []],
  ])('splits %j into %j', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it('returns the same as tokenizeText', () => {
    const mixed = fc
      .array(
        fc.oneof(anyText, fc.constantFrom('Word ', 'naïve—', 'ﬁn', '東京2', 'K', '_', ' \u00ad')),
      )
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(mixed, (text) => {
        expect(tokensOf(text)).toEqual(Array.from(tokenizeText(text), (token) => token.text));
      }),
    );
  });

  it('returns the same tokens for composed and decomposed text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokensOf(text.normalize('NFD'))).toEqual(tokensOf(text.normalize('NFC')));
      }),
    );
  });

  it('returns bounded tokens of letters, digits and their marks only, in order', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let start = 0;
        for (const token of tokenizeText(text)) {
          expect(token.text).toMatch(/^[\p{L}\p{N}\p{M}]{1,64}$/u);
          expect(token.start).toBeGreaterThanOrEqual(start);
          expect(token.end).toBeGreaterThan(token.start);
          start = token.start;
        }
      }),
    );
  });

  it('cuts a string that is too long for a word', () => {
    expect(tokensOf(`b ${'a'.repeat(10_000)} ${'é'.repeat(100)} c`)).toEqual([
      ...['b', 'a'.repeat(64), 'e'.repeat(64), 'c'],
    ]);
  });

  it('stops at the size limit of the store', () => {
    const most = searchTextOf([{ type: 'text', text: 'word '.repeat(100_000) }]);
    expect(most).toBe('word '.repeat(50_000).trimEnd());
    const dense = searchTextOf([{ type: 'text', text: '東京'.repeat(100_000) }]);
    expect(dense.length).toBeLessThan(250_000);
    expect(dense).toMatch(/ 東京$/);
  });
});
