import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';

function split(chunks: readonly Buffer[], maxBytes = 1000) {
  const lines: string[] = [];
  const tooLong: string[] = [];
  const splitter = new LineSplitter({
    maxBytes,
    onLine: (line) => lines.push(line),
    onTooLong: (head) => tooLong.push(head),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { lines, tooLong };
}

describe('LineSplitter', () => {
  it('finds the same lines wherever the bytes are cut', () => {
    const cuts = fc.array(fc.nat(200), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), cuts, (texts, at) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        const ends = [0, ...at.filter((end) => end < bytes.length).sort((a, b) => a - b)];
        const chunks = ends.map((start, index) => bytes.subarray(start, ends[index + 1]));
        expect(split(chunks).lines).toEqual(split([bytes]).lines);
      }),
    );
  });

  it('skips empty lines, accepts CR LF, and keeps an unfinished line', () => {
    expect(split([Buffer.from('a\r\n\n\r\nb\nc')]).lines).toEqual(['a', 'b']);
  });

  it('reports a line that is too long once, and goes on with the next', () => {
    const chunks = ['12345', '67890', 'more', 'and more\nnext\n'].map((text) => Buffer.from(text));
    expect(split(chunks, 8)).toEqual({ lines: ['next'], tooLong: ['12345678'] });
  });
});
