import { describe, expect, it } from '@jest/globals';
import { growthOf, MUCH_GROWTH } from '@synapse/test/support/growth';
import { createVirtualScreen } from '@synapse/test/support/virtual-screen';
import fc from 'fast-check';
import { createStyle } from '../text/style.ts';
import { composeRows } from './compose-rows.ts';
import { graphemesOf } from './graphemes.ts';
import { createLayout } from './layout.ts';
import { createPainter } from './painter.ts';
import type { View } from './view.ts';

const style = createStyle(false);

function createScreen(columns: number, rows: number) {
  const terminal = createVirtualScreen(columns, rows);
  const size = { columns, rows };
  const written: string[] = [];
  const painter = createPainter(
    {
      write(text) {
        written.push(text);
        terminal.write(text);
      },
      columns: () => size.columns,
      rows: () => size.rows,
    },
    style,
  );
  return {
    painter,
    terminal,
    takeWritten: () => written.splice(0).join(''),
    resize: (nextColumns: number) => {
      size.columns = nextColumns;
      terminal.resize(nextColumns, size.rows);
    },
  };
}

const viewOf = (text: string, cursor = text.length): View => ({ prompt: '> ', text, cursor });
const menuOf = (...values: string[]) => ({
  index: 1,
  completion: { start: 0, candidates: values.map((value) => ({ value, description: 'does it' })) },
});

describe('painter', () => {
  it('folds long input under itself, and puts the cursor where the text goes on', async () => {
    const { painter, terminal } = createScreen(10, 6);
    painter.paint(viewOf('abcdefghij'));
    expect(await terminal.lines()).toEqual(['> abcdefgh', '  ij']);
    expect(await terminal.cursor()).toEqual({ column: 4, row: 1 });
    painter.paint(viewOf('abcdefgh'));
    expect(await terminal.lines()).toEqual(['> abcdefgh']);
    expect(await terminal.cursor()).toEqual({ column: 2, row: 1 });
  });

  it('does not cut a wide character at the edge', async () => {
    const { painter, terminal } = createScreen(9, 6);
    painter.paint(viewOf('日本語日本'));
    expect(await terminal.lines()).toEqual(['> 日本語', '  日本']);
  });

  it('marks what a terminal would obey or hide', async () => {
    const { painter, terminal } = createScreen(30, 4);
    painter.paint(viewOf('a\u202eb\u{e0041}c\td\u200b'));
    expect(await terminal.lines()).toEqual(['> a\ufffdb\ufffdc    d\ufffd']);
  });

  it('writes one character for one character typed at the end', () => {
    const { painter, takeWritten } = createScreen(40, 6);
    painter.paint({ ...viewOf('hell'), status: 'model' });
    takeWritten();
    painter.paint({ ...viewOf('hello'), status: 'model' });
    expect(takeWritten()).toBe('o');
    painter.paint({ ...viewOf('hello'), status: 'model' });
    expect(takeWritten()).toBe('');
    painter.paint({ ...viewOf('hello', 0), status: 'model' });
    expect(takeWritten()).toBe('\r\u001b[2C');
  });

  it('rewrites only the row that changed', () => {
    const { painter, takeWritten } = createScreen(40, 6);
    painter.paint({ ...viewOf('one\ntwo\nthree', 3), status: 'model' });
    takeWritten();
    painter.paint({ ...viewOf('on\ntwo\nthree', 2), status: 'model' });
    expect(takeWritten()).not.toMatch(/two|three|model/);
  });

  it('prints above without a trace of the input', async () => {
    const { painter, terminal } = createScreen(20, 6);
    painter.paint({ ...viewOf('typing'), status: 'model' });
    painter.printAbove('one\ntwo\n');
    painter.printAbove('a line that is longer than the screen');
    expect(await terminal.lines()).toEqual([
      'one',
      'two',
      'a line that is longe',
      'r than the screen',
      '> typing',
      'model',
    ]);
    expect(await terminal.cursor()).toEqual({ column: 8, row: 4 });
  });

  it('leaves the text behind when it is done, the hidden rows too', async () => {
    const { painter, terminal } = createScreen(20, 4);
    painter.paint({ ...viewOf('1\n2\n3\n4'), menu: menuOf('x', 'y'), status: 'model' });
    expect((await terminal.lines()).length).toBeLessThanOrEqual(4);
    painter.finish(viewOf('1\n2\n3\n4'));
    expect(await terminal.lines()).toEqual(['> 1', '  2', '  3', '  4']);
    expect(await terminal.cursor()).toEqual({ column: 0, row: 4 });
  });

  it('does not flood the screen with a huge text', async () => {
    const { painter, terminal } = createScreen(20, 4);
    painter.finish(viewOf('x\n'.repeat(1000)));
    expect(await terminal.lines()).toEqual(['> x', '  x', '  x', '  x', '… and 997 more']);
  });

  it('shows a menu with what is chosen, and the status below it', async () => {
    const { painter, terminal } = createScreen(30, 8);
    painter.paint({ ...viewOf('/m'), menu: menuOf('/model', '/more'), status: 'gpt' });
    expect(await terminal.lines()).toEqual([
      '> /m',
      '  /model  does it',
      '› /more   does it',
      'gpt',
    ]);
    expect(await terminal.cursor()).toEqual({ column: 4, row: 0 });
    painter.paint(viewOf('/more '));
    expect(await terminal.lines()).toEqual(['> /more ']);
  });

  it('shows the part of a long text that holds the cursor', async () => {
    const { painter, terminal } = createScreen(20, 3);
    const text = Array.from({ length: 30 }, (_line, index) => `line ${index}`).join('\n');
    painter.paint({ ...viewOf(text, 0), status: 'model' });
    expect(await terminal.lines()).toEqual(['> line 0', '  line 1', 'model']);
    painter.paint({ ...viewOf(text), status: 'model' });
    expect(await terminal.lines()).toEqual(['  line 28', '  line 29', 'model']);
  });

  it('takes the region away', async () => {
    const { painter, terminal } = createScreen(20, 6);
    painter.printAbove('above');
    painter.paint({ ...viewOf('a\nb'), status: 'model' });
    painter.erase();
    expect(await terminal.lines()).toEqual(['above']);
    expect(await terminal.cursor()).toEqual({ column: 0, row: 1 });
  });

  it('clears the screen but for the input', async () => {
    const { painter, terminal } = createScreen(20, 4);
    painter.printAbove('above');
    painter.paint(viewOf('typing'));
    painter.clearScreen();
    expect(await terminal.lines()).toEqual(['> typing']);
  });

  it.each([
    ['cut', ['above', '> one two ', 'status'], 9, 1],
    ['folded', ['above', '> one two ', 'three four', ' five', 'status'], 5, 3],
  ])(
    'finds its beginning where the row with the cursor was %s',
    async (_name, rows, column, row) => {
      const { painter, terminal, resize } = createScreen(30, 8);
      const view = { ...viewOf('one two three four five'), status: 'status' };
      painter.printAbove('above');
      painter.paint(view);
      expect(painter.isCursorLost).toBe(false);
      resize(10);
      expect(painter.isCursorLost).toBe(true);
      // What the screen of such a terminal looks like now.
      terminal.write(`\u001b[2J\u001b[H${rows.join('\n')}`);
      terminal.write(`\u001b[${row + 1};${column + 1}H`);
      painter.redraw(view, column);
      expect(await terminal.lines()).toEqual([
        'above',
        '> one two ',
        '  three fo',
        '  ur five',
        'status',
      ]);
    },
  );

  it('keeps a line of a million characters cheap to edit', () => {
    const growth = growthOf((size) => {
      const { painter } = createScreen(80, 24);
      const text = 'x'.repeat(size);
      painter.paint(viewOf(text));
      painter.paint(viewOf(text, size / 2));
    }, 100_000);
    expect(growth).toBeLessThan(MUCH_GROWTH);
  });

  const text = fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
        fc.constantFrom('\n', '日本語', 'e\u0301', '한국어', '\t', '한', 'ж'),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));
  const view = fc
    .record({ text, at: fc.nat(100), status: fc.constantFrom('', 'a status') })
    .map(({ text: content, at, status }): View => {
      const cursor = graphemesOf(content).slice(0, at).join('').length;
      return { prompt: '> ', text: content, cursor, status };
    });
  const step = fc.oneof(
    { weight: 4, arbitrary: view },
    fc.constantFrom('printed above', 'two\nlines'),
  );

  it('shows after any changes what it would show at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(7, 20, 40),
        fc.constantFrom(2, 5, 12),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        view,
        async (columns, rows, steps, last) => {
          const { painter, terminal } = createScreen(columns, rows);
          for (const each of steps) {
            if (typeof each === 'string') painter.printAbove(each);
            else painter.paint(each);
          }
          painter.paint(last);
          const layout = createLayout();
          const expected = composeRows(last, { columns, rows, style, layout });
          const lines = await terminal.lines();
          const cursor = await terminal.cursor();
          const first = cursor.row - expected.cursor.row;
          const shown = expected.rows.map((_row, index) => (lines[first + index] ?? '').trimEnd());
          expect(shown).toEqual(expected.rows.map((row) => row.trimEnd()));
          expect(lines.slice(first + expected.rows.length)).toEqual([]);
          expect(cursor.column).toBe(expected.cursor.column);
          const printed = steps.filter((each) => typeof each === 'string').join('\n');
          const above = lines
            .slice(0, first)
            .map((line) => line.trimEnd())
            .join('');
          expect(above.replaceAll(' ', '')).toBe(printed.replaceAll(/[ \n]/g, ''));
        },
      ),
      { numRuns: 200 },
    );
  });
});
