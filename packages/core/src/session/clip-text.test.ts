import { describe, expect, it } from '@jest/globals';
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
});
