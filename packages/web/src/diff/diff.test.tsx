import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { readDiff } from './diff-lines.ts';
import { fold, ToolOutput } from './tool-output.tsx';

const diff = [
  '--- a/menu.txt',
  '+++ b/menu.txt',
  '@@ -1,3 +1,3 @@',
  ' Soup',
  '-Fish with rice',
  '+Fish with potatoes',
  ' Cake',
].join('\n');

describe('a diff', () => {
  it('shows the changed words of a line, with the lines around', () => {
    const html = renderToString(<ToolOutput output={diff} isError={false} />);
    expect(html).toContain('<span class="diff-same"> Soup\n</span>');
    expect(html).toContain('<span class="diff-removed">-Fish with <b>rice</b>\n</span>');
    expect(html).toContain('<span class="diff-added">+Fish with <b>potatoes</b>\n</span>');
  });

  it('marks no words where the lines have nothing in common', () => {
    const lines = readDiff(diff.replace('Fish with potatoes', 'Nothing'));
    expect(lines?.map(({ words }) => words)).toEqual([null, null, null, null, null]);
  });

  it('loses nothing of a line, whatever changed', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(line, line, (before, after) => {
        const text = `--- a\n+++ b\n@@ -1 +1 @@\n-${before}\n+${after}`;
        const texts = readDiff(text)?.map(
          ({ text: whole, words }) => words?.map((word) => word.text).join('') ?? whole,
        );
        expect(texts?.slice(1)).toEqual([before, after]);
      }),
    );
  });

  it('is only what looks like one', () => {
    expect(readDiff('-a\n+b')).toBeUndefined();
    expect(readDiff('@@ -1 +1 @@\n-a\n+b')).toBeUndefined();
  });
});

describe('the output of a tool', () => {
  it('is folded to its head and tail, with the exit code at its end', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    const html = renderToString(
      <ToolOutput output={[...lines, 'exit code 1'].join('\n')} isError />,
    );
    expect(html).toContain('line 19\n');
    expect(html).not.toContain('line 500');
    expect(html).toContain('Show 961 more lines');
    expect(html).toMatch(/line 999\nexit code 1<\/code>/);
  });

  it('is folded if a single line is very long', () => {
    const folded = fold('x'.repeat(10_000_000));
    expect(folded?.what).toBe('9984000 more characters');
    expect(folded?.head).toHaveLength(8000);
    expect(fold('short\n'.repeat(30))).toBeUndefined();
  });

  it('is text, whatever it has', () => {
    const html = renderToString(<ToolOutput output={'<img src=x>\u001b[2J'} isError={false} />);
    expect(html).toContain('&lt;img src=x>');
    expect(html).toContain('U+001B');
  });
});
