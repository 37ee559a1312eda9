import type { Style } from '../text/style.ts';
import type { Highlighter } from './highlighter.ts';

/** What a block must know of the place where it is shown. */
export interface BlockOptions {
  readonly columns: number;
  readonly style: Style;
  readonly highlighter: Highlighter;
}
