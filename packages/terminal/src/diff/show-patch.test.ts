import { describe, expect, it } from '@jest/globals';
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { createStyle } from '../text/style.ts';
import { widthOf } from '../text/width.ts';
import { countChanges, showPatch } from './show-patch.ts';

const style = createStyle(false);
const patchOf = (before: string, after: string) => createTwoFilesPatch('x', 'x', before, after);
const show = (before: string, after: string, columns = 80) =>
  showPatch(patchOf(before, after), { style, columns });

describe('showPatch', () => {
  it('numbers each line in its own file, and always writes the sign', () => {
    expect(show('a\nb\nc\n', 'a\nB\nnew\nc\n')).toEqual([
      '1   a',
      '2 − b',
      '2 + B',
      '3 + new',
      '4   c',
    ]);
  });

  it('shows where lines are left out between two changes', () => {
    const before = Array.from({ length: 20 }, (_line, index) => `line ${index + 1}`);
    const after = before.with(1, 'second').with(18, 'last but one');
    const rows = show(before.join('\n'), after.join('\n')) ?? [];
    expect(rows.filter((row) => row.includes('⋮'))).toEqual(['   ⋮']);
    expect(rows).toContain(' 2 + second');
    expect(rows).toContain('19 + last but one');
  });

  it('marks the words that changed within a line, and no others', () => {
    const styled = { style: createStyle(true), columns: 80 };
    const rows = showPatch(patchOf('return a - b;\n', 'return a + b;\n'), styled) ?? [];
    expect(rows[0]).toContain('return a \u001b[1m\u001b[4m-\u001b[24m\u001b[22m b;');
    expect(rows[1]).toContain('return a \u001b[1m\u001b[4m+\u001b[24m\u001b[22m b;');
    const others = showPatch(patchOf('one thing\n', 'something else again\n'), styled) ?? [];
    expect(others.join('')).not.toContain('\u001b[4m');
  });

  it('breaks long lines between words, beside the numbers', () => {
    expect(show('', 'some words that are long\n', 18)).toEqual([
      '1 + some words',
      '    that are long',
    ]);
  });

  it('lets no control sequence of a file through, and shows a change of line ends', () => {
    expect(show('', '\u001b]0;t\u0007a\tb\n')).toEqual(['1 + a   b']);
    expect(show('a\r\n', 'a\n')).toEqual(['1 − a␍', '1 + a']);
  });

  it('marks no words in lines where most of them changed', () => {
    const words = (start: number) =>
      Array.from({ length: 80 }, (_, at) => `common ${start + at}`).join(' ');
    const patch = patchOf(`${words(100)}\n`, `${words(500)}\n`);
    const rows = showPatch(patch, { style: createStyle(true), columns: 2000 });
    expect(rows?.join()).not.toContain('\u001b[4m');
  });

  it('shows a diff of Git', () => {
    const patch = 'diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';
    expect(showPatch(patch, { style, columns: 80 })).toEqual(['1 − a', '1 + b']);
  });

  it('shows nothing for a text that is no diff', () => {
    const patch = patchOf('a', 'b');
    for (const text of [
      `commit 1\n\n    Fix it\n${patch}`,
      `${patch}more`,
      ...['', 'Created "x" (3 bytes).', '@@ -1,2 +1 @@\nnonsense'],
    ]) {
      expect(showPatch(text, { style, columns: 80 })).toBeUndefined();
      expect(countChanges(text)).toBeUndefined();
    }
  });

  it('fits the screen, and shows each line that comes or goes, for any two files', () => {
    const file = fc
      .array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '漢', '\t', '+', '-') }))
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(file, file, fc.integer({ min: 10, max: 60 }), (before, after, columns) => {
        const patch = patchOf(before, after);
        const rows = showPatch(patch, { style, columns });
        if (rows === undefined) {
          expect(before).toBe(after);
          return;
        }
        for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(columns);
        const count = (sign: string) =>
          rows.filter((row) => new RegExp(`^ *\\d+ ${sign}`).test(row));
        expect(countChanges(patch)).toEqual({
          ...{ added: count('\\+').length, removed: count('−').length },
        });
      }),
    );
  });
});
