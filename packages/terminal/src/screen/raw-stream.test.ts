import { describe, expect, it } from '@jest/globals';
import { createRawStream } from './raw-stream.ts';

function streamed(deltas: readonly string[], isFiltered: boolean): string {
  let output = '';
  const stream = createRawStream({ write: (text) => (output += text), isFiltered });
  for (const delta of deltas) stream.push(delta);
  stream.end();
  return output;
}

describe('createRawStream', () => {
  it.each([
    [['a', 'b'], 'ab\n'],
    [['a\n'], 'a\n'],
    [['a\n', ''], 'a\n'],
    [[], ''],
    [['\x1b[1m# a\r\n'], '\x1b[1m# a\r\n'],
  ])('passes %j on and ends the line', (deltas, output) => {
    expect(streamed(deltas, false)).toBe(output);
  });

  it('filters what a terminal would obey, also when it is cut in two', () => {
    expect(streamed(['a\x1b', ']0;title\x07b', '\ud83d'], true)).toBe('ab\ufffd\n');
  });
});
