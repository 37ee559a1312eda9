import { describe, expect, it } from '@jest/globals';
import { createFindLines } from './find-lines.ts';

describe('createFindLines', () => {
  it('gives up on an expression that takes a while in each of many files', () => {
    const findLines = createFindLines('^(a|a)+$', false, 100);
    const searchMany = () => {
      for (let file = 0; file < 100_000; file += 1) findLines([`${'a'.repeat(14)}!`]);
    };
    expect(searchMany).toThrow('takes too long');
  });

  it.each([
    ['\\p{Lu}{2}', ['ab', 'ÄÖ'], [1]],
    ['^.$', ['🙂', 'ab'], [0]],
    ['[🙂🙃]x', ['🙃x', '\ud83dx'], [0]],
    ['a\\-b', ['a-b', 'ab'], [0]],
    ['{', ['{', '}'], [0]],
    ['^[[:alpha:]_]+[[:digit:]]$', ['ab_1', 'a:1', '11'], [0]],
    ['[^[:space:][:punct:]]', [' .]', 'a', '[\\`{~'], [1]],
    ['\\[:upper:]', ['[:upper:]', 'A'], [0]],
    ['[\\]:a]', [':', 'b'], [0]],
  ])('reads %s as it is meant', (pattern, lines, found) => {
    expect(createFindLines(pattern, false)(lines)).toEqual(found);
  });

  it.each(['[:alpha:]', '[[:letters:]]', '[[:^alpha:]]'])(
    'refuses %s, which it would misread',
    (pattern) => {
      expect(() => createFindLines(pattern, false)).toThrow('is not supported');
    },
  );
});
