import { describe, expect, it } from '@jest/globals';
import { toDiff } from './diff.ts';
import { createStyle } from './style.ts';

const style = createStyle(false);

describe('toDiff', () => {
  it('shows what changes with the lines around it', () => {
    const before = 'a\nb\nc\nd\ne\n';
    expect(
      toDiff({ path: 'x.txt', before, after: 'a\nb\nC\nd\ne\n', style, contextLines: 1 }),
    ).toBe('--- x.txt\n+++ x.txt\n@@ -2,3 +2,3 @@\n b\n-c\n+C\n d\n');
  });

  it('shows nothing where nothing changes', () => {
    expect(toDiff({ path: 'x', before: 'a', after: 'a', style })).toBe('');
  });

  it('says so when a file loses its last line end', () => {
    expect(toDiff({ path: 'x', before: 'a\n', after: 'a', style })).toContain(
      '-a\n+a\n\\ No newline at end of file\n',
    );
  });

  it('shows a change of line ends', () => {
    expect(toDiff({ path: 'x', before: 'a\r\n', after: 'a\n', style })).toContain('-a␍\n+a\n');
  });

  it('lets no control sequence of a file through', () => {
    const diff = toDiff({ path: 'x\x1b[2J\ny', before: '', after: '\x1b]0;t\x07a\tb\n', style });
    expect(diff).toBe('--- x y\n+++ x y\n@@ -0,0 +1,1 @@\n+a  b\n');
  });

  it('gives up on files that have nothing in common', () => {
    const lines = (word: string) =>
      Array.from({ length: 5000 }, (_line, index) => `${word} ${index}\n`).join('');
    expect(toDiff({ path: 'x', before: lines('old'), after: lines('new'), style })).toBe(
      '--- x\n+++ x\nReplaced the whole file: 5000 lines by 5000.\n',
    );
  });

  it('paints what goes and what comes', () => {
    const diff = toDiff({ path: 'x', before: 'a\n', after: 'b\n', style: createStyle(true) });
    expect(diff).toContain('\x1b[31m-a\x1b[39m\n\x1b[32m+b\x1b[39m\n');
  });
});
