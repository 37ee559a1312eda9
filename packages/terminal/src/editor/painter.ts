import type { Style } from '../text/style.ts';
import { foldText } from '../text/wrap.ts';
import { composeFinalRows, composeRows, type Composition } from './compose-rows.ts';
import { createLayout } from './layout.ts';
import { drawAll, drawChanges } from './repaint.ts';
import {
  beginUpdate,
  clearScreen,
  enableFolding,
  endUpdate,
  eraseBelow,
  moveRows,
} from './screen-codes.ts';
import type { View } from './view.ts';

export interface PaintScreen {
  write(text: string): void;
  columns(): number;
  rows(): number;
}

/**
 * Draws the input in a region at the bottom of the screen. All of its moves are relative, so that
 * it works wherever the cursor was when it began, and never touches the rows above.
 */
export interface Painter {
  paint(view: View): void;
  /** Final output, above the region; whole lines that are fit for a terminal. */
  printAbove(text: string): void;
  /** Leaves the text where it is, without menu and status, and goes below. */
  finish(view: View): void;
  /** Takes the region away; the cursor is where it began. */
  erase(): void;
  /** The drawn rows have moved; the next paint starts afresh at the cursor. */
  forget(): void;
  clearScreen(): void;
  /** Whether `redraw` has to know the cursor's column after the screen became narrower. */
  readonly isCursorLost: boolean;
  /** Draws everything again, after the terminal has handled a change of its size. */
  redraw(view: View, cursorColumn?: number): void;
}

export function createPainter(screen: PaintScreen, style: Style): Painter {
  const layout = createLayout();
  let drawn: Composition | undefined;
  let drawnColumns = 0;

  const size = () => ({ columns: screen.columns(), rows: screen.rows() });
  const compose = (view: View) => composeRows(view, { ...size(), style, layout });
  const backToStart = (rowsAbove = drawn?.cursor.row ?? 0) =>
    drawn === undefined ? '' : `${moveRows(-rowsAbove)}\r${eraseBelow}`;
  const update = (output: string) => screen.write(beginUpdate + output + endUpdate);

  const keep = (composition: Composition | undefined) => {
    drawn = composition;
    drawnColumns = screen.columns();
  };

  return {
    paint(view) {
      const next = compose(view);
      const output = drawn === undefined ? drawAll(next) : drawChanges(drawn, next);
      if (output.includes(enableFolding)) update(output);
      else if (output !== '') screen.write(output);
      keep(next);
    },

    printAbove(text) {
      const lines = text.replace(/\n$/, '').replaceAll(/\r?\n/g, '\r\n');
      update(`${backToStart()}${lines}\r\n${drawn === undefined ? '' : drawAll(drawn)}`);
    },

    finish(view) {
      const rows = composeFinalRows(view, { ...size(), style, layout });
      update(`${backToStart()}${rows.join('\r\n')}\r\n`);
      keep(undefined);
    },

    erase() {
      if (drawn !== undefined) screen.write(backToStart());
      keep(undefined);
    },

    forget() {
      keep(undefined);
    },

    clearScreen() {
      update(clearScreen + (drawn === undefined ? '' : drawAll(drawn)));
    },

    get isCursorLost() {
      return drawn !== undefined && drawn.cursor.column >= screen.columns();
    },

    redraw(view, cursorColumn) {
      const next = compose(view);
      const above = drawn && rowsAbove(drawn, drawnColumns, screen.columns(), cursorColumn);
      update(backToStart(above) + drawAll(next));
      keep(next);
    },
  };
}

/**
 * How far up the region begins now. Terminals fold rows that have become too wide; with the row
 * that holds the cursor some do and some do not, which only its column can tell.
 */
function rowsAbove(
  { rows, cursor }: Composition,
  before: number,
  columns: number,
  cursorColumn: number | undefined,
): number {
  if (columns >= before) return cursor.row;
  const folded = rows
    .slice(0, cursor.row)
    .reduce((sum, row) => sum + foldText(row, columns).length, 0);
  const isFolded = cursorColumn === cursor.column % columns && cursorColumn !== columns - 1;
  return folded + (isFolded ? Math.floor(cursor.column / columns) : 0);
}
