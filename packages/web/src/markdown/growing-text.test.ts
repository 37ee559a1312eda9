import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Block } from './blocks.ts';
import { createGrowingText } from './growing-text.ts';

const line = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...lines()) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
);
const document = fc.array(line, { maxLength: 25 }).map((all) => all.join('\n'));

function lines(): string[] {
  return [
    ...['word', 'two words', '', '', '# heading', '---', '===', '- item', '  - nested', '1. one'],
    ...['2. two', '   continued', '> quote', '>', '> - in quote', '```', '```js', '~~~'],
    ...['    code', '| a | b |', '|---|---|', '| 1 | 2 |', '<div>', '</div>', '<!-- note', '-->'],
    ...['* star', '+ plus', '***', '- [ ] task', '**bold', 'end**', '`tick', '[x]: http://a.b'],
    ...['[x]', 'a long sentence '.repeat(200), '<script>alert(1)</script>'],
  ];
}

function blocksOf(pieces: readonly string[]): readonly Block[] {
  const text = createGrowingText();
  for (const piece of pieces) text.push(piece);
  text.end();
  return text.read().final;
}

/** The text, cut at these places. */
function cutAt(text: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

describe('a growing text', () => {
  it('has the same blocks as the whole, however it is cut', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(), { maxLength: 30 }), (text, places) => {
        expect(blocksOf(cutAt(text, places))).toEqual(blocksOf([text]));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps final blocks as the same objects, in their places', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(), { maxLength: 30 }), (text, places) => {
        const growing = createGrowingText();
        let before: readonly Block[] = [];
        for (const piece of cutAt(text, places)) {
          growing.push(piece);
          const { final } = growing.read();
          expect(final.length).toBeGreaterThanOrEqual(before.length - 1);
          // The last one may take further items or lines.
          before.slice(0, -1).forEach((block, index) => expect(final[index]).toBe(block));
          before = final;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('looks at a piece as often, however long the text before it is', () => {
    const answer = '## A heading\n\nSome **words** of prose.\n\n- one\n- two\n\n'.repeat(200);
    const growing = createGrowingText();
    growing.push(answer);
    const { final } = growing.read();
    growing.push('More');
    const again = growing.read();
    expect(again.open.length).toBeLessThanOrEqual(2);
    expect(again.final.slice(0, -1)).toEqual(final.slice(0, -1));
  });

  it('shows text that is nested too deeply as it is', () => {
    const deep = `${'> '.repeat(20_000)}end`;
    const [block] = blocksOf([deep]);
    // No diff of texts as long as these.
    expect(block?.type === 'token' && block.token.raw === deep).toBe(true);
    const cut = blocksOf([deep.slice(0, 9000), deep.slice(9000)]);
    expect(cut.length === 1 && JSON.stringify(cut) === JSON.stringify([block])).toBe(true);
  });
});
