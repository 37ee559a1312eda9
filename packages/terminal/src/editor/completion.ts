import { graphemesOf } from './graphemes.ts';

export interface CompletionRequest {
  readonly text: string;
  readonly cursor: number;
  /** Aborted when something else was typed meanwhile. */
  readonly signal: AbortSignal;
}

export interface Candidate {
  /** The completed text, with its trailing space, if any. */
  readonly value: string;
  /** The text in the menu; by default the value. */
  readonly label?: string;
  readonly description?: string;
}

export interface Completion {
  /** Where in the text the word begins that the candidates replace, up to the cursor. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
}

/** Completes the text at the cursor: commands, files, models; no candidates if nothing fits. */
export type Completer = (request: CompletionRequest) => Completion | Promise<Completion>;

/** The open menu; nothing is chosen yet while `index` is -1. */
export interface CompletionMenu {
  readonly completion: Completion;
  readonly index: number;
}

/** The common prefix of all candidates. */
export function commonPrefix(values: readonly string[]): string {
  const [first = '', ...others] = values;
  let length = 0;
  for (const grapheme of graphemesOf(first)) {
    const end = length + grapheme.length;
    if (!others.every((value) => value.startsWith(first.slice(0, end)))) break;
    length = end;
  }
  return first.slice(0, length);
}

/** The next choice; wraps around at the ends. */
export function stepMenu(menu: CompletionMenu, step: 1 | -1): CompletionMenu {
  const count = menu.completion.candidates.length;
  const from = menu.index < 0 && step < 0 ? 0 : menu.index;
  return { ...menu, index: (from + step + count) % count };
}
