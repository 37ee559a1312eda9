import { describe, expect, it } from '@jest/globals';
import { insertText, removeRange, toBuffer, transpose } from './edit-buffer.ts';
import { graphemesOf } from './graphemes.ts';

const family = '👩‍👩‍👧‍👦';

/** The buffer as text with `|` at the cursor. */
const shown = ({ text, cursor }: { text: string; cursor: number }) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('edit-buffer', () => {
  it('puts the cursor behind what is inserted', () => {
    expect(shown(insertText(toBuffer('ad', 1), 'bc'))).toBe('abc|d');
  });

  it('keeps line ends as LF and drops other controls', () => {
    expect(insertText(toBuffer(''), 'a\r\nb\rc\td\u0007\u001b[31m\u0085').text).toBe(
      'a\nb\nc\td[31m',
    );
  });

  it('repairs half an emoji', () => {
    expect(insertText(toBuffer(''), 'a\ud83db').text).toBe('a\ufffdb');
  });

  it('joins a mark with the character before it, and stands behind both', () => {
    expect(shown(insertText(toBuffer('ex', 1), '\u0301'))).toBe('e\u0301|x');
    expect(shown(insertText(toBuffer('👩👧', 2), '\u200d'))).toBe('👩\u200d👧|');
  });

  it('never stands within a character', () => {
    expect(shown(toBuffer(`a${family}b`, 3))).toBe(`a${family}|b`);
    expect(shown(removeRange(toBuffer('e\n\u0301x'), 2, 1))).toBe('e\u0301|x');
  });

  it('tells characters apart in a long line as in a short one', () => {
    const heap = `e${'\u0301'.repeat(1000)}`;
    const text = `${`a${family}日🇫🇷`.repeat(500)}${heap}b`;
    const graphemes = graphemesOf(text);
    expect(graphemes.slice(0, 4)).toEqual(['a', family, '日', '🇫🇷']);
    expect(graphemes.slice(-3)).toEqual(['🇫🇷', heap, 'b']);
    expect(graphemes.length).toBe(2002);
  });

  it.each([
    ['ab|', 'ba|'],
    ['a|b', 'ba|'],
    ['ab|\nc', 'ba|\nc'],
    [`日|${family}x`, `${family}日|x`],
    ['|ab', '|ab'],
    ['a|', 'a|'],
    ['a\n|b', 'a\n|b'],
    ['', ''],
  ])('transposes %j to %j', (before, after) => {
    const cursor = Math.max(0, before.indexOf('|'));
    expect(shown(transpose(toBuffer(before.replace('|', ''), cursor)))).toBe(after || '|');
  });
});
