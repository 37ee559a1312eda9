import { describe, expect, it } from '@jest/globals';
import { growthOf, MUCH_GROWTH } from '@synapse/test/support/growth';
import fc from 'fast-check';
import type { SnippetPiece } from '../ports/session-search.ts';
import { makeSnippet } from './make-snippet.ts';
import { parseSearchQuery } from './parse-query.ts';

function snippet(text: string, query: string): SnippetPiece[] {
  return makeSnippet(text, parseSearchQuery(query, new Date(0)).terms.flat());
}

function shown(pieces: readonly SnippetPiece[]): string {
  return pieces.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('');
}

describe('makeSnippet', () => {
  it.each([
    ['We deploy on Friday.', 'DEPLOY', 'We [deploy] on Friday.'],
    ['Crème, brûlée!', '"creme brulee"', '[Crème, brûlée]!'],
    ['a\n\tfox\r\njumps', 'fox', 'a [fox] jumps'],
    ['新しい東京都です', '東京都', '新しい[東京都]です'],
    ['関東と東京', '京', '関東と東[京]'],
    ['kubernetes', 'kube*', '[kubernetes]'],
    ['nothing here', 'absent', 'nothing here'],
    ['', 'x', ''],
  ])('of %j for %s is %s', (text, query, expected) => {
    expect(shown(snippet(text, query))).toBe(expected);
  });

  it('shows the text around the matches, and marks what it leaves out', () => {
    const filler = 'word '.repeat(100);
    const text = shown(snippet(`${filler}needle ${filler}thimble ${filler}`, 'needle thimble'));
    expect(text).toMatch(/^…(word )+\[needle\]( word)+ … (word )+\[thimble\]( word)+ ?(wo?r?)?…$/);
    expect(text.length).toBeLessThan(300);
  });

  it('is bounded and well-formed, and splits no character', () => {
    const piece = fc.constantFrom(
      'fox ',
      '👩‍🚀',
      'e\u0301\u0302',
      '\ud800',
      ' ',
      '東京',
      'x'.repeat(300),
      '한',
    );
    const segmenter = new Intl.Segmenter();
    fc.assert(
      fc.property(fc.array(piece, { minLength: 60, maxLength: 120 }), (pieces) => {
        const source = pieces.join('').toWellFormed();
        const all = snippet(source, 'fox 京 x*').map(({ text }) => text);
        expect(all.join('').length).toBeLessThan(1000);
        expect(all.every((text) => text.isWellFormed())).toBe(true);
        const whole = new Set([...segmenter.segment(source)].map(({ segment }) => segment));
        for (const { segment } of segmenter.segment(all.join('').replaceAll('…', ' '))) {
          expect(segment === ' ' || whole.has(segment)).toBe(true);
        }
      }),
    );
  });

  it('is quick in the longest text that is searched', () => {
    const growth = growthOf((size) => {
      const text = 'lorem ipsum '.repeat(size) + 'needle';
      expect(shown(snippet(text, 'needle'))).toContain('[needle]');
    }, 2000);
    expect(growth).toBeLessThan(MUCH_GROWTH);
  });
});
