import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createStyle } from './style.ts';
import { toTable, type TableColumn } from './table.ts';
import { widthOf } from './width.ts';

type Row = readonly [string, string, number];

const columns: readonly TableColumn<Row>[] = [
  { title: 'ID', text: ([id]) => id },
  { title: 'TITLE', text: ([, title]) => title, isFlexible: true },
  { title: 'TOKENS', text: ([, , tokens]) => String(tokens), align: 'right' },
];
const rows: readonly Row[] = [
  ['a1b2', 'A title that is quite long', 12],
  ['c3d4', '日本語のタイトル', 34_567],
];
const style = createStyle(false);

describe('toTable', () => {
  it('gives every column what it needs where there is room', () => {
    expect(toTable(columns, rows, { style, columns: 80 })).toBe(
      [
        'ID    TITLE                       TOKENS',
        'a1b2  A title that is quite long      12',
        'c3d4  日本語のタイトル             34567',
        '',
      ].join('\n'),
    );
  });

  it('cuts the flexible column where there is not', () => {
    expect(toTable(columns, rows, { style, columns: 28 })).toBe(
      [
        'ID    TITLE           TOKENS',
        'a1b2  A title that …      12',
        'c3d4  日本語のタイ…    34567',
        '',
      ].join('\n'),
    );
  });

  it('drops columns from the right, whole, before it cuts what says which row it is', () => {
    const named = [
      { ...columns[1], fewest: 12 } as TableColumn<Row>,
      columns[2],
      columns[0],
    ].flatMap((column) => column ?? []);
    expect(toTable(named, rows, { style, columns: 20 })).toBe(
      ['TITLE         TOKENS', 'A title tha…      12', '日本語のタ…    34567', ''].join('\n'),
    );
    expect(toTable(named, rows, { style, columns: 16 })).toBe(
      ['TITLE', 'A title that is…', '日本語のタイトル', ''].join('\n'),
    );
  });

  it('keeps the full text in a pipe, with tabs between the cells', () => {
    expect(toTable(columns, rows, { style })).toBe(
      'ID\tTITLE\tTOKENS\na1b2\tA title that is quite long\t12\nc3d4\t日本語のタイトル\t34567\n',
    );
  });

  it('lets no cell move the cursor or break the line', () => {
    const hostile: Row = ['x\x1b[2J', 'a\r\nb\tc\x1b]0;t\x07', 1];
    expect(toTable(columns, [hostile], { style, columns: 40 })).toContain('x   a b c       1\n');
  });

  it('never makes a line wider than the terminal', () => {
    const row = fc.tuple(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'grapheme' }),
      fc.nat(),
    );
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 60 }), (some, width) => {
        for (const line of toTable(columns, some, { style, columns: width }).split('\n')) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it('paints titles and cells', () => {
    const colored = createStyle(true);
    const painted = [{ title: 'N', text: String, paint: colored.green }];
    expect(toTable(painted, [1], { style: colored, columns: 10 })).toBe(
      '\x1b[2mN\x1b[22m\n\x1b[32m1\x1b[39m\n',
    );
  });
});
