import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Lexer } from 'marked';
import { createStyle } from '../text/style.ts';
import { widthOf } from '../text/width.ts';
import { toBlocksLines } from './block.ts';
import { createHighlighter } from './highlighter.ts';

function linesOf(source: string, columns = 40, hasColor = false): string[] {
  const style = createStyle(hasColor);
  const highlighter = createHighlighter(style);
  return toBlocksLines(new Lexer().lex(source), { columns, style, highlighter });
}

describe('toBlocksLines', () => {
  it.each<[string, string, string[]]>([
    ['headings', '# One\nTwo\n---', ['# One', '', '## Two']],
    ['a paragraph', 'soft\nbreak, hard  \nbreak', ['soft break, hard', 'break']],
    ['nested lists', '- a\n  1. b\n  2. c\n     - d', ['• a', '  1. b', '  2. c', '     • d']],
    ['a list that starts late', '9. a\n10. b', ['9. a', '10. b']],
    ['a loose list', '- a\n\n- b\n\n  more', ['• a', '', '• b', '', '  more']],
    ['tasks', '- [x] done\n- [ ] open', ['• [x] done', '• [ ] open']],
    ['loose tasks', '- [x] done\n\n- [ ] open', ['• [x] done', '', '• [ ] open']],
    ['an empty item', '-\n- b', ['•', '• b']],
    ['code in an item', '- a\n\n  ```\n  x\n  ```', ['• a', '', '    x']],
    ['quotes', '> a\n>\n> > b', ['│ a', '│', '│ │ b']],
    ['rules', '---', ['─'.repeat(40)]],
    ['code with tabs', '```\n\ta\n```', ['      a']],
    ['html as text', '<b>\nx\n</b>', ['<b>', 'x', '</b>']],
    ['html in a line', 'a <b>b</b><br>c', ['a <b>b</b>', 'c']],
    ['links', '[text](http://a.b) <http://c.d>', ['text (http://a.b) http://c.d']],
    ['mail', '<me@example.org>', ['me@example.org']],
    ['images', '![alt](a.png)', ['image: alt (a.png)']],
    ['marks', '**b** *i* ~~s~~ `c` \\*', ['**b** *i* ~~s~~ `c` *']],
    ['entities', '&lt;&amp;&#233;&#xe9;&unknown;&#27;[2J', ['<&éé&unknown;']],
  ])('lays out %s', (_name, source, lines) => {
    expect(linesOf(source).map((line) => line.trimEnd())).toEqual(lines);
  });

  it('paints instead of marking where there is colour', () => {
    expect(linesOf('## a\n**b** `c`', 40, true)).toEqual([
      '\x1b[1ma\x1b[22m',
      '',
      '\x1b[1mb\x1b[22m \x1b[36mc\x1b[39m',
    ]);
  });

  it('shows items without their indentation where there is no room', () => {
    const deep = Array.from({ length: 12 }, (_item, depth) => `${'  '.repeat(depth)}- level`).join(
      '\n',
    );
    for (const line of linesOf(deep, 20)) expect(widthOf(line)).toBeLessThanOrEqual(20);
  });

  it('makes no line but code wider than the terminal', () => {
    const line = fc.constantFrom(
      'a long line of prose that must be wrapped, with `code` and [a link](https://example.org/path)',
      '日本語のテキストは空白なしで続きます。',
      '# heading',
      '- item',
      '  - nested item with words',
      '1. one',
      '> quote',
      '>> deeper',
      '| a | b | c |',
      '|---|:-:|--:|',
      '| 1 | long words in a cell | 日本語 |',
      '',
      '',
      '***',
      '**bold',
      'x'.repeat(50),
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12 }),
        fc.integer({ min: 20, max: 60 }),
        fc.boolean(),
        (lines, columns, hasColor) => {
          for (const shown of linesOf(lines.join('\n'), columns, hasColor)) {
            expect(widthOf(shown)).toBeLessThanOrEqual(columns);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('tables', () => {
  const table =
    '| Name | Size | 日本 |\n|---|--:|:-:|\n| a | 1 | 日本語 |\n| longer words here | 1,000 | x |';

  it('align, counting wide characters twice', () => {
    expect(linesOf(table)).toEqual([
      'Name              │  Size │  日本',
      '──────────────────┼───────┼───────',
      'a                 │     1 │ 日本語',
      'longer words here │ 1,000 │   x',
    ]);
  });

  it('wrap the cells that are too wide', () => {
    expect(linesOf(table, 28)).toEqual([
      'Name        │  Size │  日本',
      '────────────┼───────┼───────',
      'a           │     1 │ 日本語',
      'longer      │ 1,000 │   x',
      'words here  │       │',
    ]);
  });

  it('become a list of rows where the columns do not fit', () => {
    expect(linesOf(table, 20)).toEqual([
      'Name: a',
      'Size: 1',
      '日本: 日本語',
      '',
      'Name: longer words',
      'here',
      'Size: 1,000',
      '日本: x',
    ]);
  });
});
