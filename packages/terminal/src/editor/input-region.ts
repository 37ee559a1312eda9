import type { Style } from '../text/style.ts';
import type { StartTimer } from './key-pump.ts';
import { createPainter } from './painter.ts';
import { askForCursor } from './screen-codes.ts';
import type { TerminalOutput } from './terminal.ts';
import type { View } from './view.ts';

/** The painter on a terminal that changes its size. */
export interface InputRegion {
  show(view: View): void;
  finish(view: View): void;
  hide(): void;
  /** Other output was written since, so the drawing is no longer below the cursor. */
  forget(): void;
  printAbove(text: string): void;
  clearScreen(): void;
  readonly resized: () => void;
  /** The terminal's answer to where the cursor is. */
  cursorIsAt(column: number): void;
}

const answerTimeoutMs = 200;

export function createInputRegion(
  output: TerminalOutput,
  style: Style,
  start: StartTimer,
): InputRegion {
  const painter = createPainter(
    {
      write: (text) => output.write(text),
      columns: () => output.columns || 80,
      rows: () => output.rows || 24,
    },
    style,
  );
  let shown: View | undefined;
  let stopWaiting: (() => void) | undefined;
  const unprinted: string[] = [];

  const redraw = (column?: number) => {
    stopWaiting?.();
    stopWaiting = undefined;
    if (shown !== undefined) painter.redraw(shown, column);
    for (const text of unprinted.splice(0)) painter.printAbove(text);
  };
  const settle = () => {
    if (stopWaiting !== undefined) redraw();
  };

  return {
    show(view) {
      shown = view;
      if (stopWaiting === undefined) painter.paint(view);
    },
    finish(view) {
      settle();
      shown = undefined;
      painter.finish(view);
    },
    hide() {
      settle();
      shown = undefined;
      painter.erase();
    },
    forget() {
      stopWaiting?.();
      stopWaiting = undefined;
      painter.forget();
    },
    printAbove(text) {
      if (stopWaiting === undefined) painter.printAbove(text);
      else unprinted.push(text);
    },
    clearScreen() {
      settle();
      painter.clearScreen();
    },
    resized() {
      if (stopWaiting !== undefined || shown === undefined) return;
      if (!painter.isCursorLost) {
        redraw();
        return;
      }
      output.write(askForCursor);
      stopWaiting = start(redraw, answerTimeoutMs);
    },
    cursorIsAt(column) {
      if (stopWaiting !== undefined) redraw(column);
    },
  };
}
