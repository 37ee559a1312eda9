import type { Style } from '../text/style.ts';
import type { Highlighter } from './highlighter.ts';

/** What a block needs to know about its place. */
export interface BlockOptions {
  readonly columns: number;
  readonly style: Style;
  readonly highlighter: Highlighter;
}
